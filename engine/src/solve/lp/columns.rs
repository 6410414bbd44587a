//! The columns of a programme in one piece of memory: they are walked through again and again.

/// A column's place.
#[derive(Debug, Clone, Copy)]
struct Extent {
    from: u32,
    length: u32,
    room: u32,
}

/// Columns as rows with coefficients.
#[derive(Debug)]
pub(super) struct Columns {
    entries: Vec<(u32, f64)>,
    of: Vec<Extent>,
}

impl Columns {
    /// Empty columns, with room for so many entries each.
    pub fn new(rooms: impl Iterator<Item = usize>) -> Self {
        let mut from = 0;
        let extent = |room: usize| {
            let extent = Extent { from, length: 0, room: room as u32 };
            from += room as u32;
            extent
        };
        let of: Vec<Extent> = rooms.map(extent).collect();
        Self { entries: vec![(0, 0.0); from as usize], of }
    }

    /// How many columns there are.
    pub fn len(&self) -> usize {
        self.of.len()
    }

    /// The rows of a column with their coefficients.
    pub fn of(&self, column: usize) -> &[(u32, f64)] {
        let Extent { from, length, .. } = self.of[column];
        &self.entries[from as usize..(from + length) as usize]
    }

    /// Adds a row to a column; a column that is full moves to the end.
    pub fn push(&mut self, column: usize, entry: (u32, f64)) {
        let Extent { from, length, room } = self.of[column];
        if length == room {
            let moved = self.entries.len() as u32;
            self.entries.extend_from_within(from as usize..(from + length) as usize);
            let room = 2 * room.max(2);
            self.entries.resize((moved + room) as usize, (0, 0.0));
            self.of[column] = Extent { from: moved, length, room };
        }
        let extent = &mut self.of[column];
        self.entries[(extent.from + extent.length) as usize] = entry;
        extent.length += 1;
    }
}

#[cfg(test)]
mod tests {
    use super::Columns;

    #[test]
    fn columns_grow_beyond_their_room_and_keep_what_they_have() {
        let mut columns = Columns::new([1, 0, 2].into_iter());
        for row in 0..9 {
            for column in 0..columns.len() {
                columns.push(column, (row, f64::from(row) + column as f64));
            }
        }
        for column in 0..3 {
            let expected: Vec<(u32, f64)> = (0..9).map(|row| (row, f64::from(row) + column as f64)).collect();
            assert_eq!(columns.of(column), expected);
        }
    }
}
