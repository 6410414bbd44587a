//! `rebook rule`: explains a code of a data problem.

use super::{Console, Exit, Failure, Run};
use crate::error::Error;
use crate::issue::Code;

/// Explain a code of a data problem, or list them all
#[derive(Debug, Clone, clap::Args)]
#[command(after_help = "Example:\n  rebook rule E208")]
pub struct Args {
    /// The code, such as E208; without it all codes are listed
    code: Option<String>,
}

impl Run for Args {
    fn run(self, console: &mut Console<'_>) -> Result<Exit, Failure> {
        let Some(text) = self.code else {
            for code in Code::ALL {
                writeln!(console.out, "{code}  {}", code.title())?;
            }
            return Ok(Exit::Done);
        };
        let Some(code) = Code::parse(text.trim()) else {
            let error = Error::Argument(format!("no code {text:?}; `rebook rule` lists them all"));
            return Err(error.into());
        };
        writeln!(console.out, "{code}  {}\n", code.title())?;
        writeln!(console.out, "{}\n", code.explanation())?;
        writeln!(console.out, "What follows: {}.", code.severity().describe())?;
        writeln!(console.out, "What to do:   {}", code.help())?;
        Ok(Exit::Done)
    }
}
