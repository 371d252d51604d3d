using System.Collections;
using System.Globalization;
using System.Management.Automation;
using HarvestTools.Drift;
using HarvestTools.History;

namespace HarvestTools.PowerShell;

/// <summary>
/// What views show of objects that came back from a job, a remote session or <c>Import-Clixml</c>: those have the properties and
/// no type, and PowerShell shows them by the same views.
/// </summary>
internal static class Revived
{
    /// <summary>The object itself, or an entry with what was kept of it.</summary>
    public static SliceHistoryEntry Entry(PSObject entry) => entry.BaseObject as SliceHistoryEntry ?? new SliceHistoryEntry(
        Text(entry, nameof(SliceHistoryEntry.Version)),
        null,
        Value<int?>(entry, nameof(SliceHistoryEntry.Depth)) ?? 0,
        Time(entry, nameof(SliceHistoryEntry.CreatedAt)),
        null,
        0,
        Value<long?>(entry, nameof(SliceHistoryEntry.Rows)),
        Value<long?>(entry, nameof(SliceHistoryEntry.RowsDelta)),
        Text(entry, nameof(SliceHistoryEntry.HarvestVersion)),
        Value<string?>(entry, nameof(SliceHistoryEntry.Reason)),
        [.. Items(entry, nameof(SliceHistoryEntry.Models)).Select(Model)],
        [.. Items(entry, nameof(SliceHistoryEntry.Graph)).Select(static line => line.ToString()).DefaultIfEmpty("*")])
    {
        MissingParents = [.. Items(entry, nameof(SliceHistoryEntry.MissingParents)).Select(static parent => parent.ToString())],
    };

    /// <summary>The object itself, or a model with what was kept of it.</summary>
    public static RegisteredModel Model(PSObject model)
    {
        if (model.BaseObject is RegisteredModel known)
        {
            return known;
        }

        var metrics = new Dictionary<string, double>();
        if (Find(model, nameof(RegisteredModel.Metrics)) is IDictionary kept)
        {
            foreach (DictionaryEntry metric in kept)
            {
                metrics[metric.Key.ToString()!] = LanguagePrimitives.ConvertTo<double>(metric.Value);
            }
        }

        // Where serializing ended above a model, its name is all that there is.
        string name = Text(model, nameof(RegisteredModel.Name));
        return new RegisteredModel(
            Text(model, nameof(RegisteredModel.Version)),
            name.Length > 0 ? name : model.ToString(),
            Value<string?>(model, nameof(RegisteredModel.Path)),
            null,
            metrics,
            null,
            Replaced: false);
    }

    public static string Status(PSObject report) => Text(report, nameof(DriftReport.Status));

    public static string Text(PSObject from, string property) => Value<string?>(from, property) ?? string.Empty;

    /// <summary>The object that a property has; null where it has none.</summary>
    public static PSObject? Inner(PSObject from, string property) => Find(from, property) is { } value ? PSObject.AsPSObject(value) : null;

    public static T? Value<T>(PSObject from, string property) =>
        LanguagePrimitives.TryConvertTo(Find(from, property), CultureInfo.InvariantCulture, out T? value) ? value : default;

    public static IEnumerable<PSObject> Items(PSObject from, string property) =>
        LanguagePrimitives.GetEnumerable(Find(from, property)) is { } items
            ? items.Cast<object?>().Where(static item => item is not null).Select(static item => PSObject.AsPSObject(item!))
            : [];

    private static DateTimeOffset? Time(PSObject from, string property) => Find(from, property) switch
    {
        DateTimeOffset known => known,
        DateTime local => new DateTimeOffset(local),
        _ => null,
    };

    private static object? Find(PSObject from, string property) => from.Properties[property]?.Value is PSObject inner ? inner.BaseObject is PSCustomObject ? inner : inner.BaseObject : from.Properties[property]?.Value;
}
