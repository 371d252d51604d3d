using System.CommandLine;
using System.Text;
using System.Text.Json.Nodes;
using HarvestTools.Cli.Completion;
using HarvestTools.Cli.Output;
using HarvestTools.Strings;

namespace HarvestTools.Cli.Commands;

/// <summary>
/// What the completion scripts ask at every press of Tab: a line for each candidate, its word and what it is with a tab
/// between, and a last line <c>:files</c> or <c>:folders</c> where the shell is to add names of its own.
/// </summary>
internal sealed class CompleteCommand : HarvestCommand
{
    public const string CommandName = "complete";

    private readonly Argument<string[]> _words;

    public CompleteCommand()
        : base(CommandName, "Answer a shell's completion script.")
    {
        Hidden = true;
        _words = With(new Argument<string[]>("WORD") { Description = "The words of the line up to the cursor, after '--'.", Arity = ArgumentArity.ZeroOrMore });
    }

    public override void Run(Invocation run)
    {
        (IReadOnlyList<Candidate> candidates, PathKind paths) = CompletionAnswer.Of(run.Value(_words) ?? [], run.Folder);
        run.Document["candidates"] = new JsonArray([.. candidates.Select(static candidate => (JsonNode)new JsonObject { ["text"] = candidate.Text, ["note"] = candidate.Note })]);
        run.Document["paths"] = paths.ToString().ToLowerInvariant();
        if (!run.Text)
        {
            return;
        }

        var text = new StringBuilder();
        foreach (Candidate candidate in candidates)
        {
            text.Append(candidate.Text).Append('\t').Append(PlainText.OneLine(candidate.Note)).Append('\n');
        }

        if (paths != PathKind.None)
        {
            text.Append(':').Append(paths.ToString().ToLowerInvariant()).Append('\n');
        }

        // So that lines end the same on every system.
        StandardStreams.WriteUtf8(text.ToString());
    }
}
