using System.Runtime.CompilerServices;
using HarvestTools.Cli;

// Kept apart so that help and version neither load nor compile the parser.
return RootHelp.TryAnswer(args) ?? Start(args);

[MethodImpl(MethodImplOptions.NoInlining)]
static int Start(string[] args) => CommandRunner.Run(args);
