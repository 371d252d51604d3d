using System.Text.Json;
using HarvestTools.Json;

namespace HarvestTools.Manifests;

/// <summary>When a slice was made, told from as little of its manifest as possible.</summary>
internal static class ManifestTimes
{
    /// <summary>
    /// <c>created_at</c>, else <c>trained_at</c>; null where neither is there or the file cannot be read that far. What
    /// follows is not looked at, so a manifest that tells its time may still be malformed.
    /// </summary>
    public static DateTimeOffset? TryRead(string path)
    {
        try
        {
            return Read(JsonFileText.Load(path).Reader());
        }
        catch (Exception exception) when (exception is HarvestException or JsonException or InvalidOperationException)
        {
            return null;
        }
    }

    private static DateTimeOffset? Read(Utf8JsonReader json)
    {
        DateTimeOffset? trained = null;
        json.Read();
        while (json.Read() && json.TokenType == JsonTokenType.PropertyName)
        {
            bool created = json.ValueTextEquals("created_at"u8);
            bool wanted = created || json.ValueTextEquals("trained_at"u8);
            json.Read();
            if (wanted && json.TokenType == JsonTokenType.String && Timestamp.TryParse(json.GetString(), out Timestamp time))
            {
                if (created)
                {
                    return time.Instant;
                }

                trained = time.Instant;
            }

            json.Skip();
        }

        return trained;
    }
}
