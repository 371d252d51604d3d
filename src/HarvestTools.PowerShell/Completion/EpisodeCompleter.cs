using System.Management.Automation;
using HarvestTools.Repositories;
using HarvestRepository = HarvestTools.Repositories.Repository;

namespace HarvestTools.PowerShell;

/// <summary>Completes episodes whose media slices list, those of the newest slices first; the tooltip is the slice.</summary>
public sealed class EpisodeCompleter : Completer
{
    private protected override IEnumerable<CompletionResult> Complete(string word, Func<HarvestRepository> repository)
    {
        HarvestRepository opened = repository();
        return from slice in NewestWith(opened, "\"media\": { "u8.ToArray())
               from episode in ListedEpisodes.Of(opened, slice)
               where Begins(episode, word)
               group slice.Version by episode into versions
               select Result(Quoted(versions.Key), versions.Key, versions.First());
    }
}
