// SPDX-FileCopyrightText: 2026 The XmppSync authors
// SPDX-License-Identifier: GPL-3.0-or-later
//! The manual page and the shells' completions, made from the definition of the command line.

use std::io::Write;

use clap::{Command, CommandFactory};
use clap_complete::Shell;
use clap_mangen::Man;

use crate::cli::{Cli, NOTES};
use crate::failure::{Code, Failure};

/// Prints a shell's completions.
pub(crate) fn completions(shell: Shell) -> Result<(), Failure> {
    let mut text = Vec::new();
    let mut command = Cli::command();
    let name = command.get_name().to_owned();
    clap_complete::generate(shell, &mut command, name, &mut text);
    print(&text)
}

/// Prints the manual page, with all commands on it.
pub(crate) fn page() -> Result<(), Failure> {
    let mut text = Vec::new();
    render(&mut text).map_err(|error| Failure::new(Code::Failure, error))?;
    print(&text)
}

fn render(text: &mut Vec<u8>) -> std::io::Result<()> {
    let mut command = Cli::command();
    command.build();
    let man = Man::new(command.clone()).section("1").manual("XmppSync");
    man.render_title(text)?;
    man.render_name_section(text)?;
    man.render_synopsis_section(text)?;
    man.render_description_section(text)?;
    man.render_options_section(text)?;
    writeln!(text, ".SH COMMANDS")?;
    for command in command.get_subcommands().filter(|command| !command.is_hide_set()) {
        // Each with its own options alone: those of all commands stand above.
        let own = own_options(command);
        let man = Man::new(own);
        writeln!(
            text,
            ".SS \"xmppsync\\-bot {}\"",
            command.get_name().replace('-', "\\-")
        )?;
        section(text, |part| man.render_description_section(part))?;
        section(text, |part| man.render_options_section(part))?;
    }
    writeln!(text, ".SH NOTES")?;
    for line in NOTES.lines() {
        match (line.strip_suffix(':'), line.starts_with(' ')) {
            (Some(title), false) => writeln!(text, ".SS \"{title}\"")?,
            _ if line.is_empty() => writeln!(text, ".PP")?,
            (_, indented) => {
                let line = line.trim().replace('\\', "\\e").replace('-', "\\-");
                let line = if line.starts_with(['.', '\'']) {
                    format!("\\&{line}")
                } else {
                    line
                };
                writeln!(text, "{line}{}", if indented { "\n.br" } else { "" })?;
            }
        }
    }
    Ok(())
}

fn own_options(command: &Command) -> Command {
    let mut own = Command::new("command").disable_help_flag(true);
    if let Some(about) = command.get_long_about().or(command.get_about()) {
        own = own.about(about.clone());
    }
    for argument in command.get_arguments() {
        if !argument.is_global_set() && argument.get_id() != "help" {
            own = own.arg(argument.clone());
        }
    }
    own
}

/// A part of a page without its heading.
fn section(
    text: &mut Vec<u8>,
    render: impl FnOnce(&mut dyn Write) -> std::io::Result<()>,
) -> std::io::Result<()> {
    let mut part = Vec::new();
    render(&mut part)?;
    let part = String::from_utf8_lossy(&part);
    for line in part.lines().filter(|line| !line.starts_with(".SH ")) {
        writeln!(text, "{line}")?;
    }
    Ok(())
}

fn print(text: &[u8]) -> Result<(), Failure> {
    let mut stdout = std::io::stdout().lock();
    let written = stdout.write_all(text).and_then(|()| stdout.flush());
    written.map_err(|error| Failure::new(Code::Failure, format!("cannot write to stdout: {error}")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_manual_page_has_all_commands_options_and_exit_codes() {
        let mut text = Vec::new();
        render(&mut text).unwrap();
        let page = String::from_utf8(text).unwrap();
        for command in Cli::command()
            .get_subcommands()
            .filter(|command| !command.is_hide_set())
        {
            let name = command.get_name().replace('-', "\\-");
            let title = format!(".SS \"xmppsync\\-bot {name}\"");
            assert!(page.contains(&title), "{title} is missing");
        }
        for part in [
            "Exit codes",
            "password\\-file",
            "XMPPSYNC_ACCOUNT",
            "dry\\-run",
            "export\\-to",
        ] {
            assert!(page.contains(part), "{part} is missing in\n{page}");
        }
    }

    #[test]
    fn every_shell_has_completions() {
        for shell in [Shell::Bash, Shell::Fish, Shell::Zsh] {
            let mut text = Vec::new();
            clap_complete::generate(shell, &mut Cli::command(), "xmppsync-bot", &mut text);
            let text = String::from_utf8(text).unwrap();
            assert!(text.contains("forget") && text.contains("dry-run"), "{shell}");
        }
    }
}
