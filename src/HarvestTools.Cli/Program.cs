using System.Runtime.CompilerServices;
using HarvestTools.Cli;

// First of all: a scheduler may stop the program in its first moments, and expects the same exit code as later.
using var stop = new StopSignals();

// Kept apart so that help and version neither load nor compile the parser.
return RootHelp.TryAnswer(args) is { } answered ? (stop.Requested ? stop.Exit : answered) : Start(args, stop);

[MethodImpl(MethodImplOptions.NoInlining)]
static int Start(string[] args, StopSignals stop) => CommandRunner.Run(args, stop);
