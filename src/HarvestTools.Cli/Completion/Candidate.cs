namespace HarvestTools.Cli.Completion;

/// <summary>Something that may stand at the cursor.</summary>
/// <param name="Text">The whole word. One that ends with '=' wants more right behind it.</param>
/// <param name="Note">What it is, in a line; empty where the word says it.</param>
internal readonly record struct Candidate(string Text, string Note);

/// <summary>Whether a shell adds names of its own to the candidates.</summary>
internal enum PathKind
{
    None,
    Files,
    Folders,
}
