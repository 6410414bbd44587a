//! Many seeds in two threads: the machines that run the tests have two cores at least.

/// Looks at each of these seeds, the even ones beside the odd ones; what each half found.
pub fn in_halves<F: Default + Send>(
    seeds: &(impl Iterator<Item = u64> + Clone + Sync),
    look_at: impl Fn(u64, &mut F) + Sync,
) -> [F; 2] {
    std::thread::scope(|scope| {
        let look_at = &look_at;
        let halves = [0, 1].map(|half| {
            scope.spawn(move || {
                let mut found = F::default();
                for seed in seeds.clone().filter(|seed| seed % 2 == half) {
                    look_at(seed, &mut found);
                }
                found
            })
        });
        halves.map(|half| half.join().expect("no panic"))
    })
}
