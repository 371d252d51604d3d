using System.Buffers.Binary;
using System.IO.Hashing;
using System.Text.Json;
using HarvestTools.Json;

namespace HarvestTools.Packs;

/// <summary>A frame of zstd in a pack.</summary>
/// <param name="Offset">Where it begins, in bytes from 0.</param>
/// <param name="Stored">Its size in the file.</param>
/// <param name="Raw">The size of what it gives.</param>
/// <param name="Crc32">The checksum of its bytes in the file.</param>
internal readonly record struct PackFrame(long Offset, int Stored, int Raw, uint Crc32);

/// <summary>
/// The end of a pack's file: a line of JSON, its size and checksum, and the mark that the file also begins with. docs/archive.md describes
/// the format.
/// </summary>
/// <param name="Sha256">The object.</param>
/// <param name="Bytes">Its size.</param>
/// <param name="Anchor">The object that it is a patch against; null where it is whole.</param>
/// <param name="ByTask">Whether its segments are runs of tasks by id, so that it can be an anchor; else they are cut anywhere.</param>
/// <param name="Index">Where the segments are.</param>
/// <param name="Order">The order of the tasks in the file; null where it is that of their ids.</param>
internal sealed record PackLayout(string Sha256, long Bytes, string? Anchor, bool ByTask, PackFrame Index, PackFrame? Order)
{
    public const int Version = 1;

    /// <summary>Size and checksum of the line, and the mark.</summary>
    public const int TailBytes = 16;

    // No line is longer; what says so is damaged.
    public const int MostLineBytes = 4096;

    /// <summary>So many bytes of a file's end always hold the line.</summary>
    public const int MostEndBytes = MostLineBytes + TailBytes;

    /// <summary>The first and the last eight bytes of the file.</summary>
    public static ReadOnlySpan<byte> Mark => "HARVPK1\n"u8;

    public byte[] ToBytes()
    {
        using var line = new MemoryStream();
        using (var json = new Utf8JsonWriter(line))
        {
            json.WriteStartObject();
            json.WriteNumber("pack", Version);
            json.WriteString("sha256", Sha256);
            json.WriteNumber("bytes", Bytes);
            if (Anchor is not null)
            {
                json.WriteString("anchor", Anchor);
            }

            json.WriteString("cut", ByTask ? "tasks" : "bytes");
            WriteFrame(json, "index", Index);
            if (Order is { } order)
            {
                WriteFrame(json, "order", order);
            }

            json.WriteEndObject();
        }

        line.WriteByte((byte)'\n');
        byte[] text = line.ToArray();
        byte[] all = new byte[text.Length + TailBytes];
        text.CopyTo(all, 0);
        BinaryPrimitives.WriteInt32LittleEndian(all.AsSpan(text.Length), text.Length);
        BinaryPrimitives.WriteUInt32LittleEndian(all.AsSpan(text.Length + 4), Crc32.HashToUInt32(text));
        Mark.CopyTo(all.AsSpan(text.Length + 8));
        return all;
    }

    /// <summary>Reads the line; null where it is not one that this wrote.</summary>
    /// <param name="line">The line.</param>
    /// <param name="version">Its version, where it has one.</param>
    public static PackLayout? TryParse(ReadOnlyMemory<byte> line, out long version)
    {
        version = Version;
        try
        {
            using JsonDocument document = JsonDocument.Parse(line);
            JsonElement root = document.RootElement;
            version = root.GetProperty("pack").GetInt64();
            if (version != Version)
            {
                return null;
            }

            string sha256 = root.GetProperty("sha256").GetString()!;
            string? anchor = root.TryGetProperty("anchor", out JsonElement other) ? other.GetString() : null;
            string? cut = root.GetProperty("cut").GetString();
            var layout = new PackLayout(
                sha256, root.GetProperty("bytes").GetInt64(), anchor, cut == "tasks", FrameOf(root.GetProperty("index")),
                root.TryGetProperty("order", out JsonElement order) ? FrameOf(order) : null);
            bool right = Sha256Text.IsNormal(sha256) && (anchor is null || (Sha256Text.IsNormal(anchor) && anchor != sha256 && layout.ByTask))
                && layout.Bytes >= 0 && cut is "tasks" or "bytes" && (layout.Order is null || layout.ByTask);
            return right ? layout : null;
        }
        catch (Exception fault) when (fault is JsonException or InvalidOperationException or KeyNotFoundException or FormatException)
        {
            return null;
        }
    }

    private static void WriteFrame(Utf8JsonWriter json, string name, PackFrame frame)
    {
        json.WriteStartObject(name);
        json.WriteNumber("offset", frame.Offset);
        json.WriteNumber("stored", frame.Stored);
        json.WriteNumber("raw", frame.Raw);
        json.WriteNumber("crc32", frame.Crc32);
        json.WriteEndObject();
    }

    private static PackFrame FrameOf(JsonElement frame) => new(
        frame.GetProperty("offset").GetInt64(), frame.GetProperty("stored").GetInt32(), frame.GetProperty("raw").GetInt32(), frame.GetProperty("crc32").GetUInt32());
}
