using System.Globalization;
using System.Text.Json;
using HarvestTools.Json;
using HarvestTools.Strings;

namespace HarvestTools.LabelStudio.Labels;

/// <summary>Says what was edited in a task whose labels differ. Reads what the label hash covers, and nothing else.</summary>
internal static class LabelEdits
{
    private static readonly string[] s_covered =
        ["id", "parentID", "type", "from_name", "to_name", "origin", "original_width", "original_height", "meta"];

    public static IReadOnlyList<LabelEdit> Between(JsonElement before, JsonElement after)
    {
        var edits = new List<LabelEdit>();
        JsonElement? dataBefore = Member(before, "data");
        JsonElement? dataAfter = Member(after, "data");
        IReadOnlyList<string> data = Differing(dataBefore, dataAfter, "data");
        if (data.Count > 0)
        {
            edits.Add(new LabelEdit(LabelEditKind.DataChanged, null, null, null, null, null, string.Join(", ", data), null, null));
        }

        foreach ((JsonElement? old, JsonElement? made) in Pair(Annotations(before), Annotations(after), static a => Id(a) ?? ""))
        {
            Compare(old, made, edits);
        }

        return edits;
    }

    private static void Compare(JsonElement? before, JsonElement? after, List<LabelEdit> edits)
    {
        JsonElement either = (after ?? before)!.Value;
        long? id = long.TryParse(Id(either), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out long number) ? number : null;
        LabelEdit In(LabelEditKind kind, string? old, string? made) =>
            new(kind, id, Annotator(either), null, null, old, made, null, null);

        if (before is not { } left || after is not { } right)
        {
            edits.Add(before is null
                ? In(LabelEditKind.AnnotationAdded, null, Regions(Results(either).Count))
                : In(LabelEditKind.AnnotationRemoved, Regions(Results(either).Count), null));
            return;
        }

        if (Annotator(left) != Annotator(right))
        {
            edits.Add(In(LabelEditKind.AnnotatorChanged, Annotator(left), Annotator(right)));
        }

        if (Flags(left) != Flags(right))
        {
            edits.Add(In(LabelEditKind.FlagChanged, Flags(left), Flags(right)));
        }

        foreach ((JsonElement? old, JsonElement? made) in Pair(Results(left), Results(right), RegionKey))
        {
            CompareRegions(id, Annotator(right), old, made, edits);
        }
    }

    private static void CompareRegions(long? annotation, string? annotator, JsonElement? before, JsonElement? after, List<LabelEdit> edits)
    {
        JsonElement either = (after ?? before)!.Value;
        string? label = RegionGeometry.LabelOf(either);
        LabelEdit In(LabelEditKind kind, string? old = null, string? made = null, double? distance = null, string? unit = null) =>
            new(kind, annotation, annotator, Id(either), label, old, made, distance, unit);

        if (before is not { } left || after is not { } right)
        {
            edits.Add(In(before is null ? LabelEditKind.RegionAdded : LabelEditKind.RegionRemoved));
            return;
        }

        if (RegionGeometry.LabelOf(left) != label)
        {
            edits.Add(In(LabelEditKind.LabelChanged, RegionGeometry.LabelOf(left), label));
        }

        RegionMove move = RegionGeometry.Between(left, right);
        if (move.Distance is { } distance)
        {
            edits.Add(In(LabelEditKind.RegionMoved, distance: distance, unit: move.Unit));
        }

        List<string> rest =
        [
            .. s_covered.SelectMany(name => Differing(Member(left, name), Member(right, name), name)),
            .. Differing(Member(left, "value"), Member(right, "value"), "value").Where(path => !move.Explains(path) && !RegionGeometry.IsLabel(path)),
        ];
        if (left.ValueKind != JsonValueKind.Object || right.ValueKind != JsonValueKind.Object)
        {
            rest.Add("result");
        }

        if (rest.Count > 0)
        {
            edits.Add(In(LabelEditKind.RegionChanged, made: string.Join(", ", rest)));
        }
    }

    /// <summary>
    /// Pairs what has the same key, in order; equal ones of one key cancel out first, so that what is left really differs.
    /// </summary>
    private static IEnumerable<(JsonElement? Before, JsonElement? After)> Pair(
        List<JsonElement> before, List<JsonElement> after, Func<JsonElement, string> keyOf)
    {
        ILookup<string, JsonElement> left = before.ToLookup(keyOf, StringComparer.Ordinal);
        ILookup<string, JsonElement> right = after.ToLookup(keyOf, StringComparer.Ordinal);
        foreach (string key in left.Select(static group => group.Key).Union(right.Select(static group => group.Key)).Order(StringComparer.Ordinal))
        {
            List<JsonElement> more = [.. right[key]];
            List<JsonElement> less = [];
            foreach (JsonElement element in left[key])
            {
                int same = more.FindIndex(other => JsonFieldDiff.AreEqual(element, other));
                if (same >= 0)
                {
                    more.RemoveAt(same);
                }
                else
                {
                    less.Add(element);
                }
            }

            for (int i = 0; i < Math.Max(less.Count, more.Count); i++)
            {
                yield return (i < less.Count ? less[i] : null, i < more.Count ? more[i] : null);
            }
        }
    }

    private static IReadOnlyList<string> Differing(JsonElement? before, JsonElement? after, string name) =>
        before is { } left && after is { } right
            ? [.. JsonFieldDiff.Between(left, right).Select(path => path.Length == 0 ? name : $"{name}.{path}")]
            : before is null && after is null ? [] : [name];

    private static string RegionKey(JsonElement region) => region.ValueKind == JsonValueKind.Object
        ? $"{Id(region)}\n{Text(region, "type")}\n{Text(region, "from_name")}"
        : "";

    private static List<JsonElement> Annotations(JsonElement task) =>
        Items(Member(task, "annotations") ?? Member(task, "completions"));

    private static List<JsonElement> Results(JsonElement annotation) => Items(Member(annotation, "result"));

    private static List<JsonElement> Items(JsonElement? array) =>
        array is { ValueKind: JsonValueKind.Array } items ? [.. items.EnumerateArray()] : [];

    private static string? Annotator(JsonElement annotation) => Member(annotation, "completed_by") is not { } by ? null
        : by.ValueKind == JsonValueKind.Object ? Id(by) : Scalar(by);

    private static string Flags(JsonElement annotation)
    {
        bool cancelled = IsSet(annotation, "was_cancelled") || IsSet(annotation, "skipped");
        bool groundTruth = IsSet(annotation, "ground_truth") || IsSet(annotation, "honeypot");
        return (cancelled ? "cancelled" : "submitted") + (groundTruth ? ", ground truth" : "");
    }

    private static bool IsSet(JsonElement element, string name) =>
        Member(element, name) is { } flag && (flag.ValueKind == JsonValueKind.True || flag.ValueKind == JsonValueKind.Number && flag.GetRawText() == "1");

    private static string? Id(JsonElement element) => Text(element, "id");

    private static string? Text(JsonElement element, string name) => Member(element, name) is { } value ? Scalar(value) : null;

    private static string Scalar(JsonElement value) => value.ValueKind == JsonValueKind.String ? value.GetString()! : value.GetRawText();

    /// <summary>A member that is there and not null.</summary>
    private static JsonElement? Member(JsonElement element, string name) =>
        element.ValueKind == JsonValueKind.Object && element.TryGetProperty(name, out JsonElement value) && value.ValueKind != JsonValueKind.Null
            ? value
            : null;

    private static string Regions(int count) => Figures.Count(count, "region");
}
