using System.Text.Json.Nodes;

namespace HarvestTools.Rules;

/// <summary>One setting of a harvest definition that differs.</summary>
/// <param name="Name">The rule's name, or <c>fields.episode</c> and the like; of a program <c>code harvest.py</c>, <c>params.yaml:train.lr</c>, <c>run</c>.</param>
/// <param name="Reference">Its value on the one side, as JSON.</param>
/// <param name="Difference">Its value on the other side, as JSON.</param>
public sealed record RuleChange(string Name, string Reference, string Difference)
{
    /// <summary>The rule with both values, in a line.</summary>
    public override string ToString() => $"{Name} {Reference} → {Difference}";

    /// <summary>Rules and fields that differ, in the order in which harvest.json lists them; names and versions do not count.</summary>
    internal static IReadOnlyList<RuleChange> Between(HarvestDefinition reference, HarvestDefinition difference)
    {
        if (reference.Program is not null || difference.Program is not null)
        {
            return [.. ProgramChange.Between(reference, difference).Select(static change => new RuleChange(change.Name, Json(change, change.Reference), Json(change, change.Difference)))];
        }

        JsonObject before = reference.ToJson();
        JsonObject after = difference.ToJson();
        return [.. Members(before, after, "rules", ""), .. Members(before, after, "fields", "fields.")];
    }

    /// <summary>A file's short hash is a text, though its digits may be those of a number.</summary>
    private static string Json(ProgramChange change, string value) => change.Name != change.Subject && value != ProgramChange.None ? $"\"{value}\"" : value;

    private static IEnumerable<RuleChange> Members(JsonObject before, JsonObject after, string group, string prefix)
    {
        JsonObject left = before[group]!.AsObject();
        JsonObject right = after[group]!.AsObject();
        foreach (string name in left.Select(static pair => pair.Key).Union(right.Select(static pair => pair.Key)))
        {
            if (!JsonNode.DeepEquals(left[name], right[name]))
            {
                yield return new RuleChange(prefix + name, Text(left[name]), Text(right[name]));
            }
        }

        static string Text(JsonNode? value) => value?.ToJsonString() ?? "none";
    }
}
