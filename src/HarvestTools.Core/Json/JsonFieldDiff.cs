using System.Globalization;
using System.Runtime.InteropServices;
using System.Text.Json;

namespace HarvestTools.Json;

/// <summary>Names the fields in which two JSON values differ, whatever their spelling and order.</summary>
internal static class JsonFieldDiff
{
    /// <summary>Paths without positions, for example <c>drafts.created_ago</c>, in ordinal order; empty for equal values.</summary>
    public static IReadOnlyList<string> Between(JsonElement before, JsonElement after)
    {
        var paths = new SortedSet<string>(StringComparer.Ordinal);
        Compare(before, after, "", paths);
        return [.. paths];
    }

    public static bool AreEqual(JsonElement before, JsonElement after)
    {
        var paths = new SortedSet<string>(StringComparer.Ordinal);
        Compare(before, after, "", paths);
        return paths.Count == 0;
    }

    private static void Compare(JsonElement before, JsonElement after, string path, SortedSet<string> paths)
    {
        if (JsonMarshal.GetRawUtf8Value(before).SequenceEqual(JsonMarshal.GetRawUtf8Value(after)))
        {
            return;
        }

        if (before.ValueKind == JsonValueKind.Object && after.ValueKind == JsonValueKind.Object)
        {
            CompareObjects(before, after, path, paths);
        }
        else if (before.ValueKind == JsonValueKind.Array && after.ValueKind == JsonValueKind.Array)
        {
            CompareArrays(before, after, path, paths);
        }
        else if (!AreEqualValues(before, after))
        {
            paths.Add(path);
        }
    }

    private static void CompareObjects(JsonElement before, JsonElement after, string path, SortedSet<string> paths)
    {
        foreach (JsonProperty member in before.EnumerateObject())
        {
            string inner = Join(path, member.Name);
            if (after.TryGetProperty(member.Name, out JsonElement other))
            {
                // Of a key that stands twice the last counts.
                Compare(before.GetProperty(member.Name), other, inner, paths);
            }
            else
            {
                paths.Add(inner);
            }
        }

        foreach (JsonProperty member in after.EnumerateObject())
        {
            if (!before.TryGetProperty(member.Name, out _))
            {
                paths.Add(Join(path, member.Name));
            }
        }
    }

    /// <summary>Entries with ids are compared by id, others by place; the order of entries with ids is no difference.</summary>
    private static void CompareArrays(JsonElement before, JsonElement after, string path, SortedSet<string> paths)
    {
        if (TryById(before) is { } left && TryById(after) is { } right)
        {
            foreach ((string id, JsonElement element) in left)
            {
                if (right.TryGetValue(id, out JsonElement other))
                {
                    Compare(element, other, path, paths);
                }
                else
                {
                    paths.Add(path);
                }
            }

            if (right.Keys.Any(id => !left.ContainsKey(id)))
            {
                paths.Add(path);
            }

            return;
        }

        if (before.GetArrayLength() != after.GetArrayLength())
        {
            paths.Add(path);
            return;
        }

        for (int i = 0; i < before.GetArrayLength(); i++)
        {
            Compare(before[i], after[i], path, paths);
        }
    }

    /// <summary>Entries by id and type (a region's attributes repeat its id); null where that does not tell them apart.</summary>
    private static Dictionary<string, JsonElement>? TryById(JsonElement array)
    {
        var byId = new Dictionary<string, JsonElement>(StringComparer.Ordinal);
        foreach (JsonElement element in array.EnumerateArray())
        {
            if (element.ValueKind != JsonValueKind.Object || !element.TryGetProperty("id", out JsonElement id))
            {
                return null;
            }

            string type = element.TryGetProperty("type", out JsonElement named) ? named.GetRawText() : "";
            if (!byId.TryAdd(id.GetRawText() + type, element))
            {
                return null;
            }
        }

        return byId;
    }

    private static bool AreEqualValues(JsonElement before, JsonElement after)
    {
        if (before.ValueKind != after.ValueKind)
        {
            return false;
        }

        switch (before.ValueKind)
        {
            case JsonValueKind.Number:
                return Number(before).Equals(Number(after));
            case JsonValueKind.String:
                return TextOf(before) == TextOf(after);
            default:
                // true, false and null of one kind are equal.
                return true;
        }
    }

    private static double Number(JsonElement value) =>
        double.Parse(value.GetRawText(), NumberStyles.Float, CultureInfo.InvariantCulture);

    private static string TextOf(JsonElement value)
    {
        try
        {
            return value.GetString()!;
        }
        catch (InvalidOperationException)
        {
            // Half of a surrogate pair, escaped: no text, but still the same or another spelling.
            return value.GetRawText();
        }
    }

    private static string Join(string path, string name) => path.Length == 0 ? name : $"{path}.{name}";
}
