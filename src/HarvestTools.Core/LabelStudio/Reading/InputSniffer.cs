using System.Text.Json;

namespace HarvestTools.LabelStudio.Reading;

/// <summary>Tells what a file is that does not start with an array, so that the error can say what to do.</summary>
internal static class InputSniffer
{
    /// <param name="fileName">For the message.</param>
    /// <param name="start">The file's first bytes after white space, up to a megabyte.</param>
    /// <param name="line">Of the first of them.</param>
    /// <param name="byteOffset">Of the first of them.</param>
    public static HarvestException Explain(string fileName, ReadOnlySpan<byte> start, long line, long byteOffset)
    {
        if (start.StartsWith("PK"u8) || start.StartsWith((ReadOnlySpan<byte>)[0x1F, 0x8B]))
        {
            return ExportErrors.ExportIsPacked(fileName);
        }

        if (start[0] != '{')
        {
            return ExportErrors.ExportNotAnArray(new ExportPlace(fileName, line, byteOffset, 0), start[0]);
        }

        HashSet<string> keys = TopLevelKeys(start, out bool another);
        if (another)
        {
            return ExportErrors.ExportIsJsonLines(fileName);
        }

        if (keys.Contains("annotation") && (keys.Contains("task") || keys.Contains("action") || keys.Contains(Members.Project)))
        {
            return ExportErrors.ExportIsWebhook(fileName);
        }

        if (keys.Contains("images") && keys.Contains("categories"))
        {
            return ExportErrors.ExportIsCoco(fileName);
        }

        return keys.Contains(Members.Annotations) || keys.Contains(Members.Completions) || keys.Contains(Members.Data)
            ? ExportErrors.ExportIsSingleTask(fileName)
            : ExportErrors.ExportNotAnArray(new ExportPlace(fileName, line, byteOffset, 0), start[0]);
    }

    /// <summary>The first object's keys as far as they can be read, and whether another object follows it.</summary>
    private static HashSet<string> TopLevelKeys(ReadOnlySpan<byte> start, out bool another)
    {
        another = false;
        var keys = new HashSet<string>(StringComparer.Ordinal);
        var reader = new Utf8JsonReader(start, isFinalBlock: false, new JsonReaderState(TaskCheck.ReaderOptions));
        try
        {
            while (reader.Read())
            {
                if (reader.CurrentDepth == 0 && reader.TokenType == JsonTokenType.EndObject)
                {
                    another = start[(int)reader.BytesConsumed..].TrimStart(" \r\n\t"u8).StartsWith("{"u8);
                    break;
                }

                if (reader.CurrentDepth == 1 && reader.TokenType == JsonTokenType.PropertyName)
                {
                    keys.Add(reader.GetString()!);
                }
            }
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            // Damaged on top of not being an array: what was read so far tells enough.
        }

        return keys;
    }
}
