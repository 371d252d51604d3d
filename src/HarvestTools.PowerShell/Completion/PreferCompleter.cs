using System.Management.Automation;
using HarvestRepository = HarvestTools.Repositories.Repository;

namespace HarvestTools.PowerShell;

/// <summary>Completes which export wins: the newest, or one by its hash.</summary>
public sealed class PreferCompleter : ExportCompleter
{
    private const string Newest = "newest";

    private protected override IEnumerable<CompletionResult> Complete(string word, Func<HarvestRepository> repository) =>
        Begins(Newest, word)
            ? base.Complete(word, repository).Prepend(Result(Newest, Newest, "the one whose labels go furthest"))
            : base.Complete(word, repository);
}
