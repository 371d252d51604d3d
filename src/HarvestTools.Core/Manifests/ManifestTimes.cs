using System.Text.Json;
using HarvestTools.Json;

namespace HarvestTools.Manifests;

/// <summary>When a slice was made whose manifest cannot be read as a whole.</summary>
internal static class ManifestTimes
{
    /// <summary>
    /// <c>created_at</c>; null where the file cannot be read that far. When it was trained on says nothing here: of a broken file
    /// it is not known whether the other time is only what broke.
    /// </summary>
    /// <param name="path">Its slice.json.</param>
    public static DateTimeOffset? TryRead(string path)
    {
        try
        {
            return Read(JsonFileText.LoadStored(path).Reader());
        }
        catch (Exception exception) when (exception is HarvestException or JsonException or InvalidOperationException)
        {
            return null;
        }
    }

    private static DateTimeOffset? Read(Utf8JsonReader json)
    {
        json.Read();
        while (json.Read() && json.TokenType == JsonTokenType.PropertyName)
        {
            bool created = json.ValueTextEquals("created_at"u8);
            json.Read();
            if (created)
            {
                return json.TokenType == JsonTokenType.String && Timestamp.TryParse(json.GetString(), out Timestamp time) ? time.Instant : null;
            }

            json.Skip();
        }

        return null;
    }
}
