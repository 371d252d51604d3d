using System.Text.Json;
using HarvestTools.Json;

namespace HarvestTools.Manifests;

/// <summary>What the order of a history needs to know of a slice, and no more: a tenth of the time that its manifest takes.</summary>
/// <param name="Version">The slice.</param>
/// <param name="Parent">The first slice it says it follows, which need not exist.</param>
/// <param name="Time">When it was made, else when it was trained on; null in a manifest that does not say.</param>
internal readonly record struct SliceHead(string Version, string? Parent, DateTimeOffset? Time)
{
    public static SliceHead Of(SliceManifest slice) =>
        new(slice.Version, slice.Parent, (slice.CreatedAt ?? slice.TrainedAt)?.Instant);

    /// <summary>
    /// The head of a manifest. Null where anything is unusual: whoever reads the manifest as a whole then says what is
    /// wrong with it.
    /// </summary>
    public static SliceHead? TryParse(ReadOnlySpan<byte> json)
    {
        string? version = null;
        string? parent = null;
        Timestamp? created = null;
        Timestamp? trained = null;
        try
        {
            var reader = new Utf8JsonReader(json);
            if (!reader.Read() || reader.TokenType != JsonTokenType.StartObject)
            {
                return null;
            }

            while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
            {
                if (reader.ValueTextEquals("slice_version"u8))
                {
                    version = Text(ref reader);
                }
                else if (reader.ValueTextEquals("parents"u8))
                {
                    parent = First(ref reader);
                }
                else if (reader.ValueTextEquals("created_at"u8))
                {
                    created = Moment(ref reader);
                }
                else if (reader.ValueTextEquals("trained_at"u8))
                {
                    trained = Moment(ref reader);
                }
                else
                {
                    reader.Skip();
                }
            }
        }
        catch (Exception fault) when (fault is JsonException or InvalidOperationException or FormatException)
        {
            return null;
        }

        return version is null ? null : new SliceHead(version, parent, (created ?? trained)?.Instant);
    }

    private static string? Text(ref Utf8JsonReader reader)
    {
        reader.Read();
        return reader.TokenType == JsonTokenType.Null ? null : reader.GetString();
    }

    /// <summary>The first text of a list; null where it is empty.</summary>
    private static string? First(ref Utf8JsonReader reader)
    {
        reader.Read();
        if (reader.TokenType == JsonTokenType.Null)
        {
            return null;
        }

        if (reader.TokenType != JsonTokenType.StartArray)
        {
            throw new FormatException();
        }

        string? first = null;
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
        {
            first ??= reader.GetString() ?? throw new FormatException();
        }

        return first;
    }

    private static Timestamp? Moment(ref Utf8JsonReader reader) => Text(ref reader) switch
    {
        null => null,
        string text when Timestamp.TryParse(text, out Timestamp time) => time,
        _ => throw new FormatException(),
    };
}
