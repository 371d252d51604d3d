using HarvestTools.Archive;
using HarvestTools.Files;
using HarvestTools.Json;
using HarvestTools.Manifests;
using HarvestTools.Repositories;

namespace HarvestTools.Workflows;

/// <summary>
/// Holds production.jsonl against itself and against what git has of it. Decisions go by its last line, and nothing else says what
/// it was: lines are only ever added, so that one of the commit that is gone or other is damage, or an edit.
/// </summary>
internal static class ProductionCheck
{
    private const string Head = "HEAD";

    /// <exception cref="HarvestException">harvest.json is at fault.</exception>
    public static IEnumerable<ArchiveFinding> Run(Repository repository)
    {
        string path = ProductionLog.PathIn(repository.Root);
        IReadOnlyList<ProductionModel> models;
        try
        {
            models = ProductionLog.Read(repository.Root);
        }
        catch (HarvestException error)
        {
            return [new ArchiveFinding(ArchiveFindingKind.Unreadable, FindingSeverity.Error, ProductionLog.FileName, path, error.Message, error.Remedy)];
        }

        IReadOnlyList<ProductionModel> committed = Committed(repository.Root, path);
        int same = committed.Zip(models).TakeWhile(static pair => SameLine(pair.First, pair.Second)).Count();
        return same == committed.Count ? [] :
        [
            new ArchiveFinding(
                ArchiveFindingKind.RecordDamaged, FindingSeverity.Warning, ProductionLog.FileName, path,
                $"{ProductionLog.FileName} no longer has {committed[same]} as it was committed, put into production at {Timestamp.From(committed[same].At).Text}, though lines are only ever added to it: it was edited, or is damaged.",
                $"Compare it with what git has, and take that back with {new RemedyAction.RestoreFromGit(ProductionLog.FileName) { Revision = Head }}, or commit the change if it is meant."),
        ];
    }

    private static IReadOnlyList<ProductionModel> Committed(string root, string path)
    {
        using var git = new GitFiles(root);
        try
        {
            return git.TryRead(Head, ProductionLog.FileName) is { } bytes ? ProductionLog.Parse(bytes, path) : [];
        }
        catch (HarvestException)
        {
            // A later release wrote that commit, or it was committed as it is now: nothing to hold it against.
            return [];
        }
    }

    // Which one is the last, and so in production, changes with every line.
    private static bool SameLine(ProductionModel committed, ProductionModel present) =>
        committed with { State = ProductionState.Former } == present with { State = ProductionState.Former };
}
