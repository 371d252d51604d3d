using System.Globalization;
using System.Text;
using System.Text.Json;
using HarvestTools.LabelStudio.Configs;
using HarvestTools.Strings;

namespace HarvestTools.Derivation.Fields;

/// <summary>Follows a path of keys into a task's data; a number among them is a place in a list.</summary>
internal static class DataPlace
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
            if (!TryEnter(ref reader, Encoding.UTF8.GetBytes(step), Position(step)))
            {
                return null;
            }
        }

        return At(ref reader, index);
    }

    /// <summary>The link where a labeling configuration says it is; null where the data has no such place.</summary>
    /// <param name="data">Canonical JSON.</param>
    /// <param name="source">The place.</param>
    /// <param name="index">The place in the list, from 0.</param>
    public static MediumFinder.Shown? Find(Utf8Text data, in LabelConfigSource source, int index)
    {
        if (data.IsEmptyOrAbsent)
        {
            return null;
        }

        // Data that has the whole path as one key is taken there, as the editor does.
        var reader = new Utf8JsonReader(data.Span, s_lenient);
        reader.Read();
        if (source.Steps.Length > 1 && TryEnter(ref reader, source.LiteralKey, -1))
        {
            return At(ref reader, index);
        }

        reader = new Utf8JsonReader(data.Span, s_lenient);
        reader.Read();
        foreach (LabelConfigStep step in source.Steps)
        {
            if (!TryEnter(ref reader, step.Key, step.Index))
            {
                return null;
            }
        }

        return At(ref reader, index);
    }

    private static MediumFinder.Shown At(ref Utf8JsonReader reader, int index)
    {
        if (reader.TokenType != JsonTokenType.StartArray)
        {
            return new MediumFinder.Shown(true, Text(ref reader), false, index);
        }

        return TryEnter(ref reader, default, index)
            ? new MediumFinder.Shown(true, Text(ref reader), true, index)
            : new MediumFinder.Shown(false, null, true, index);
    }

    private static string? Text(ref Utf8JsonReader reader) =>
        reader.TokenType == JsonTokenType.String && !reader.ValueSpan.StartsWith("data:"u8) ? JsonScalar.ToString(ref reader) : null;

    private static int Position(string step) =>
        int.TryParse(step, NumberStyles.None, CultureInfo.InvariantCulture, out int place) ? place : -1;

    private static bool TryEnter(ref Utf8JsonReader reader, ReadOnlySpan<byte> key, int position)
    {
        if (reader.TokenType == JsonTokenType.StartArray && position >= 0)
        {
            for (int i = 0; reader.Read() && reader.TokenType != JsonTokenType.EndArray; i++)
            {
                if (i == position)
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
            bool found = reader.ValueTextEquals(key);
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
