using System.Management.Automation;
using HarvestRepository = HarvestTools.Repositories.Repository;

namespace HarvestTools.PowerShell;

/// <summary>Completes files, as everywhere, and behind them hashes of archived exports.</summary>
public sealed class ExportOrFileCompleter : ExportCompleter
{
    private protected override IEnumerable<CompletionResult> Complete(string word, Func<HarvestRepository> repository) =>
        CompletionCompleters.CompleteFilename(word).Concat(Archived(word, repository));

    /// <summary>Files need no repository, so there may be none.</summary>
    private IEnumerable<CompletionResult> Archived(string word, Func<HarvestRepository> repository)
    {
        try
        {
            return [.. base.Complete(word, repository)];
        }
        catch (HarvestException)
        {
            return [];
        }
    }
}
