using System.Globalization;
using System.Text.Json;
using HarvestTools.Strings;

namespace HarvestTools.Derivation.Fields;

/// <summary>Follows a path of keys into a task's data; a number among them is a place in a list.</summary>
internal static class DataPath
{
    private static readonly JsonReaderOptions s_lenient = new() { MaxDepth = 1024 };

    /// <summary>The link at a path, or in the list there; null where the data has no such place.</summary>
    /// <param name="data">Canonical JSON.</param>
    /// <param name="path">Keys below <c>data</c>.</param>
    /// <param name="index">The place in the list, from 0.</param>
    public static MediumFinder.Shown? Find(Utf8Text data, ReadOnlySpan<string> path, int index)
    {
        if (data.IsEmptyOrAbsent)
        {
            return null;
        }

        var reader = new Utf8JsonReader(data.Span, s_lenient);
        reader.Read();
        foreach (string step in path)
        {
            if (!TryEnter(ref reader, step))
            {
                return null;
            }
        }

        if (reader.TokenType != JsonTokenType.StartArray)
        {
            return new MediumFinder.Shown(true, Text(ref reader), false, index);
        }

        return TryEnter(ref reader, index.ToString(CultureInfo.InvariantCulture))
            ? new MediumFinder.Shown(true, Text(ref reader), true, index)
            : new MediumFinder.Shown(false, null, true, index);
    }

    private static string? Text(ref Utf8JsonReader reader) =>
        reader.TokenType == JsonTokenType.String && !reader.ValueSpan.StartsWith("data:"u8) ? JsonScalar.ToString(ref reader) : null;

    private static bool TryEnter(ref Utf8JsonReader reader, string step)
    {
        if (reader.TokenType == JsonTokenType.StartArray && int.TryParse(step, NumberStyles.None, CultureInfo.InvariantCulture, out int place))
        {
            for (int i = 0; reader.Read() && reader.TokenType != JsonTokenType.EndArray; i++)
            {
                if (i == place)
                {
                    return true;
                }

                reader.Skip();
            }

            return false;
        }

        if (reader.TokenType != JsonTokenType.StartObject)
        {
            return false;
        }

        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            bool found = reader.ValueTextEquals(step);
            reader.Read();
            if (found)
            {
                return true;
            }

            reader.Skip();
        }

        return false;
    }
}
