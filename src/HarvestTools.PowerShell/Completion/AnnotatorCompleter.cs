using System.Globalization;
using System.Management.Automation;
using HarvestTools.Repositories;
using HarvestTools.Strings;
using HarvestRepository = HarvestTools.Repositories.Repository;

namespace HarvestTools.PowerShell;

/// <summary>Completes ids of people that questions were answered about before; the tooltip is the number of their annotations.</summary>
public sealed class AnnotatorCompleter : Completer
{
    private protected override IEnumerable<CompletionResult> Complete(string word, Func<HarvestRepository> repository) =>
        from person in KnownAnnotators.Of(repository())
        let id = person.Id.ToString(CultureInfo.InvariantCulture)
        where Begins(id, word)
        select Result(id, id, Figures.Count(person.Annotations, "annotation"));
}
