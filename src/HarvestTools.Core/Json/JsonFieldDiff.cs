using System.Runtime.InteropServices;
using System.Text.Json;

namespace HarvestTools.Json;

/// <summary>Names the fields in which two JSON values differ, whatever their spelling and order.</summary>
/// <param name="entryKey">
/// Members that distinguish the entries of a list: where each has the first, entries are compared by all of these, and their
/// order is no difference.
/// </param>
internal sealed class JsonFieldDiff(IReadOnlyList<string> entryKey)
{
    private static readonly JsonDocumentOptions s_options = new() { MaxDepth = JsonTape.MaxDepth };

    /// <summary>Paths without positions, for example <c>drafts.created_ago</c>, in ordinal order; empty for equal values.</summary>
    public IReadOnlyList<string> Between(ReadOnlyMemory<byte> before, ReadOnlyMemory<byte> after)
    {
        if (before.Span.SequenceEqual(after.Span))
        {
            return [];
        }

        using var left = JsonDocument.Parse(before, s_options);
        using var right = JsonDocument.Parse(after, s_options);
        var paths = new SortedSet<string>(StringComparer.Ordinal);
        Compare(left.RootElement, right.RootElement, "", paths);
        return [.. paths];
    }

    private void Compare(JsonElement before, JsonElement after, string path, SortedSet<string> paths)
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

    private void CompareObjects(JsonElement before, JsonElement after, string path, SortedSet<string> paths)
    {
        foreach (JsonProperty member in before.EnumerateObject())
        {
            string inner = Join(path, member.Name);
            if (after.TryGetProperty(member.Name, out JsonElement other))
            {
                // Of a repeated key the last counts.
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

    /// <summary>Entries with keys are compared by key, others by place.</summary>
    private void CompareArrays(JsonElement before, JsonElement after, string path, SortedSet<string> paths)
    {
        if (TryByKey(before) is { } left && TryByKey(after) is { } right)
        {
            foreach ((string key, JsonElement element) in left)
            {
                if (right.TryGetValue(key, out JsonElement other))
                {
                    Compare(element, other, path, paths);
                }
                else
                {
                    paths.Add(path);
                }
            }

            if (right.Keys.Any(key => !left.ContainsKey(key)))
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

    /// <summary>Null where the key does not distinguish the entries.</summary>
    private Dictionary<string, JsonElement>? TryByKey(JsonElement array)
    {
        var byKey = new Dictionary<string, JsonElement>(StringComparer.Ordinal);
        foreach (JsonElement element in array.EnumerateArray())
        {
            if (element.ValueKind != JsonValueKind.Object || !element.TryGetProperty(entryKey[0], out _))
            {
                return null;
            }

            string key = string.Concat(entryKey.Select(name => element.TryGetProperty(name, out JsonElement value) ? value.GetRawText() : ""));
            if (!byKey.TryAdd(key, element))
            {
                return null;
            }
        }

        return byKey;
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
                return Number(before).SequenceEqual(Number(after));
            case JsonValueKind.String:
                return TextOf(before) == TextOf(after);
            default:
                // true, false and null of one kind are equal.
                return true;
        }
    }

    /// <summary>As the label hash has it: an integer by every digit, any other by its value.</summary>
    private static ReadOnlySpan<byte> Number(JsonElement value)
    {
        ReadOnlySpan<byte> text = JsonMarshal.GetRawUtf8Value(value);
        var number = new ByteWriter(32);
        return CanonicalNumber.TryAppendExact(text, number) ? number.Written : text;
    }

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
