"""The command line of the runner: one file a command. Nothing here that is asked for help imports torch."""
