using System.Text.Json;
using HarvestTools.Json;

namespace HarvestTools.LabelStudio.Reading;

/// <summary>Finds the id of a task that may be damaged, for messages.</summary>
internal static class TaskIdProbe
{
    /// <summary>The id as far as the task can be read; null where none is found.</summary>
    public static long? Find(ReadOnlySpan<byte> task)
    {
        var reader = new Utf8JsonReader(task, isFinalBlock: false, new JsonReaderState(TaskCheck.ReaderOptions));
        try
        {
            while (reader.Read())
            {
                if (reader.CurrentDepth == 1
                    && reader.TokenType == JsonTokenType.PropertyName
                    && reader.ValueTextEquals(Members.Id)
                    && reader.Read())
                {
                    return JsonInteger.TryParse(reader.ValueSpan, out long id) ? id : null;
                }
            }
        }
        catch (JsonException)
        {
            // Damaged before the id: the message does without it.
        }

        return null;
    }
}
