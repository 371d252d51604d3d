using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using HarvestTools.Files;
using HarvestTools.Json;
using HarvestTools.Rules;

namespace HarvestTools.Archive;

/// <summary>
/// Records of exports as they were read, with the stat that their files had, kept between commands in one file of the cache: an
/// archive of ten thousand exports would else be read as ten thousand files by each command that adds one. What is kept is used only
/// while the record's file has the very stat, and the file carries a digest of itself; missing or damaged it is empty.
/// </summary>
internal sealed class RecordCache
{
    /// <summary>Fewer records are read in no time.</summary>
    public const int FewestRecords = 256;

    // The first line: this and the SHA-256 of all that follows. The number changes with the layout.
    private const string Header = "harvest-record-cache 2 ";

    private readonly string _path;
    private readonly DateTimeOffset _now;
    private readonly int _fewest;
    private readonly Dictionary<string, KnownRecord> _known;
    private readonly Dictionary<string, KnownRecord> _seen = new(StringComparer.Ordinal);
    private int _unknown;

    private RecordCache(string path, DateTimeOffset now, int fewest, Dictionary<string, KnownRecord> known)
    {
        _path = path;
        _now = now;
        _fewest = fewest;
        _known = known;
    }

    /// <param name="path">Full path of the cache's file; it need not exist.</param>
    /// <param name="now">Decides whether a stat can be relied on; see <see cref="FileStat.IsSettled"/>.</param>
    /// <param name="fewest">Of how many records it is kept; tests ask for it of few.</param>
    public static RecordCache Open(string path, DateTimeOffset now, int fewest = FewestRecords)
    {
        try
        {
            return new RecordCache(path, now, fewest, FileKinds.Of(path) == FileKind.Regular ? Parse(AtomicFile.ReadAllBytes(path)) : []);
        }
        catch (HarvestException)
        {
            return new RecordCache(path, now, fewest, []);
        }
    }

    /// <summary>The record, as it is kept or as its file has it.</summary>
    /// <exception cref="HarvestException">It cannot be read.</exception>
    public ExportRecord Get(string file)
    {
        string name = Path.GetFileName(file);
        FileStat? stat = FileStat.TryGet(file);
        if (stat is not null && _known.TryGetValue(name, out KnownRecord? known) && known.Stat == stat)
        {
            _seen[name] = known;
            return known.Record;
        }

        ExportRecord record = ExportRecord.Load(file);
        _unknown++;

        // A change while the file is read changes its stat; one within a tick of the clock need not.
        if (stat is not null && stat.IsSettled(_now) && FileStat.TryGet(file) == stat)
        {
            _seen[name] = new KnownRecord(stat, record);
        }

        return record;
    }

    /// <summary>Keeps what was read, where enough of it is new. The cache saves time and nothing else: where it cannot be written, that is no fault.</summary>
    public void TrySave()
    {
        // Of a quarter, which is read from files in no time either, it is not written again.
        if (_unknown <= _fewest / 4 || _seen.Count < _fewest)
        {
            return;
        }

        _unknown = 0;
        try
        {
            byte[] body = Body();
            FileKinds.RequireStoredFolder(Path.GetDirectoryName(_path)!, "write");
            FileKinds.RequireStored(_path, "write");
            AtomicFile.WriteUnflushed(_path, [.. FirstLine(body), .. body]);
        }
        catch (HarvestException)
        {
            // The next command reads the records again.
        }
    }

    private static byte[] FirstLine(ReadOnlySpan<byte> body) => Encoding.UTF8.GetBytes($"{Header}{Convert.ToHexStringLower(SHA256.HashData(body))}\n");

    private byte[] Body()
    {
        using var bytes = new MemoryStream();
        using (var writer = new BinaryWriter(bytes, Encoding.UTF8, leaveOpen: true))
        {
            writer.Write(_seen.Count);
            foreach ((string name, (FileStat stat, ExportRecord record)) in _seen)
            {
                writer.Write(name);
                writer.Write(stat.Bytes);
                writer.Write(stat.Modified);
                writer.Write(stat.Changed);
                writer.Write(stat.Inode);
                writer.Write(stat.Device);
                RecordBytes.Write(writer, record);
            }
        }

        return bytes.ToArray();
    }

    private static Dictionary<string, KnownRecord> Parse(byte[] file)
    {
        int line = file.AsSpan().IndexOf((byte)'\n') + 1;
        if (line == 0 || !file.AsSpan(0, line).SequenceEqual(FirstLine(file.AsSpan(line))))
        {
            return [];
        }

        using var reader = new BinaryReader(new MemoryStream(file, line, file.Length - line), Encoding.UTF8);
        int count = reader.ReadInt32();
        var known = new Dictionary<string, KnownRecord>(count, StringComparer.Ordinal);
        for (int i = 0; i < count; i++)
        {
            string name = reader.ReadString();
            var stat = new FileStat(reader.ReadInt64(), reader.ReadInt64(), reader.ReadInt64(), reader.ReadUInt64(), reader.ReadUInt64());
            known[name] = new KnownRecord(stat, RecordBytes.Read(reader));
        }

        return known;
    }

    private sealed record KnownRecord(FileStat Stat, ExportRecord Record);
}

/// <summary>A record of an export in the cache's own layout.</summary>
internal static class RecordBytes
{
    public static void Write(BinaryWriter writer, ExportRecord record)
    {
        writer.Write(record.Project);
        writer.Write(record.Sha256);
        Text(record.LabelSha256);
        Number(record.LabelVersion);
        Text(record.LabelConfigSha256);
        writer.Write(record.Bytes);
        Text(record.Path);
        Text(record.Name);
        Time(record.AddedAt);
        TimeIfAny(record.LabelsThrough);
        writer.Write(record.ProjectIds.Count);
        foreach (long id in record.ProjectIds)
        {
            writer.Write(id);
        }

        writer.Write(record.NewerThan.Count);
        foreach (string hash in record.NewerThan)
        {
            writer.Write(hash);
        }

        // What was erased stays erased for who reads it here.
        Text(record.RedactedFrom);
        Text(record.RedactedFrom is null ? null : record.Redacted.ToJson().ToJsonString());
        TimeIfAny(record.RemovedAt);
        Number(record.Tasks);
        Number(record.Annotations);
        Number(record.Cancelled);
        Number(record.Drafts);
        Number(record.LabelsMissing);
        writer.Write(record.RegionTypes.Count);
        foreach ((string type, long count) in record.RegionTypes)
        {
            writer.Write(type);
            writer.Write(count);
        }

        Text(record.Rest?.ToJsonString());

        void Text(string? text)
        {
            writer.Write(text is not null);
            if (text is not null)
            {
                writer.Write(text);
            }
        }

        // The instant beside the text: reading twenty thousand texts takes longer than all the rest.
        void Time(Timestamp time)
        {
            writer.Write(time.Text);
            writer.Write(time.Instant.Ticks);
            writer.Write(time.Instant.Offset.Ticks);
        }

        void TimeIfAny(Timestamp? time)
        {
            writer.Write(time is not null);
            if (time is { } known)
            {
                Time(known);
            }
        }

        void Number(long? number)
        {
            writer.Write(number is not null);
            if (number is { } value)
            {
                writer.Write(value);
            }
        }
    }

    public static ExportRecord Read(BinaryReader reader)
    {
        // In the order in which they were written.
        return new ExportRecord
        {
            Project = reader.ReadString(),
            Sha256 = reader.ReadString(),
            LabelSha256 = Text(),
            LabelVersion = Number(),
            LabelConfigSha256 = Text(),
            Bytes = reader.ReadInt64(),
            Path = Text(),
            Name = Text(),
            AddedAt = Time(),
            LabelsThrough = TimeIfAny(),
            ProjectIds = Items(static reader => reader.ReadInt64()),
            NewerThan = Items(static reader => reader.ReadString()),
            RedactedFrom = Text(),
            Redacted = Text() is { } redacted ? Exclusion.Read("redacted", JsonNode.Parse(redacted)) : Exclusion.None,
            RemovedAt = TimeIfAny(),
            Tasks = Number(),
            Annotations = Number(),
            Cancelled = Number(),
            Drafts = Number(),
            LabelsMissing = Number(),
            RegionTypes = Types(),
            Rest = Text() is { } rest ? JsonNode.Parse(rest)!.AsObject() : null,
        };

        string? Text() => reader.ReadBoolean() ? reader.ReadString() : null;

        long? Number() => reader.ReadBoolean() ? reader.ReadInt64() : null;

        T[] Items<T>(Func<BinaryReader, T> read)
        {
            var items = new T[reader.ReadInt32()];
            for (int i = 0; i < items.Length; i++)
            {
                items[i] = read(reader);
            }

            return items;
        }

        OrderedDictionary<string, long> Types()
        {
            int count = reader.ReadInt32();
            var types = new OrderedDictionary<string, long>(count);
            for (int i = 0; i < count; i++)
            {
                string type = reader.ReadString();
                types.Add(type, reader.ReadInt64());
            }

            return types;
        }

        Timestamp? TimeIfAny() => reader.ReadBoolean() ? Time() : null;

        Timestamp Time() => new(reader.ReadString(), new DateTimeOffset(reader.ReadInt64(), new TimeSpan(reader.ReadInt64())));
    }
}
