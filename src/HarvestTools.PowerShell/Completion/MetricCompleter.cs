using System.Globalization;
using System.Management.Automation;
using HarvestTools.History;
using HarvestTools.Strings;
using HarvestRepository = HarvestTools.Repositories.Repository;

namespace HarvestTools.PowerShell;

/// <summary>Completes names of registered metrics; the tooltip shows on how many of the newest slices, and the newest value.</summary>
public sealed class MetricCompleter : Completer
{
    private protected override IEnumerable<CompletionResult> Complete(string word, Func<HarvestRepository> repository) =>
        from slice in NewestWith(repository(), "\"metrics\""u8.ToArray())
        from model in RegisteredModels.Of(slice)
        from metric in model.Metrics
        where Begins(metric.Key, word)
        group (model.Version, metric.Value) by metric.Key into values
        orderby values.Key
        let newest = values.First()
        let slices = values.Select(static value => value.Version).Distinct().Count()
        select Result(
            Quoted(values.Key),
            values.Key,
            string.Create(CultureInfo.InvariantCulture, $"on {Figures.Count(slices, "slice")}, {newest.Value} in {newest.Version}"));
}
