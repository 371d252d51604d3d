using System.Management.Automation;
using HarvestRepository = HarvestTools.Repositories.Repository;

namespace HarvestTools.PowerShell;

/// <summary>Completes names of remotes; the tooltip is the address.</summary>
public sealed class RemoteCompleter : Completer
{
    private protected override IEnumerable<CompletionResult> Complete(string word, Func<HarvestRepository> repository) =>
        from remote in repository().Settings.Remotes
        where Begins(remote.Name, word)
        select Result(remote.Name, Quoted(remote.Name), remote.ShownUrl);
}
