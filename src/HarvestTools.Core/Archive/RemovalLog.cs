using System.Text.Json;
using System.Text.Json.Nodes;
using HarvestTools.Files;
using HarvestTools.Json;
using HarvestTools.Strings;

namespace HarvestTools.Archive;

/// <summary>An object that was removed since nothing reached it.</summary>
/// <param name="Sha256">Its hash.</param>
/// <param name="RemovedAt">When.</param>
/// <param name="What">What it was, for people.</param>
internal sealed record RemovedObject(string Sha256, Timestamp RemovedAt, string What)
{
    /// <summary>The error of who asks for it.</summary>
    /// <param name="hash">As it was asked for.</param>
    /// <param name="remote">The remote that it was removed from; null for the archive.</param>
    public HarvestException Error(string hash, string? remote = null) =>
        ArchiveErrors.ObjectRemoved(hash, $"{What} {Figures.ShortHash(Sha256)}", Figures.Time(RemovedAt.Instant), remote);
}

/// <summary>
/// <c>removed.jsonl</c> in the archive's folder: what was removed for good since nothing reached it, one line an object, so that it can be
/// told from what was lost. An object that is archived again is there, whatever the log says. A line carries a digest of itself: one
/// without, or with another, says nothing, and is kept.
/// </summary>
/// <param name="folder">Full path of the archive.</param>
internal sealed class RemovalLog(string folder)
{
    public const string FileName = "removed.jsonl";

    private readonly string _path = Path.Combine(folder, FileName);
    private RemovalLines? _read;

    /// <summary>What the log says of an object; null where it says nothing.</summary>
    public RemovedObject? Find(string sha256)
    {
        // Most archives have no log, and are asked of every object that they lack.
        if (_read is null && FileKinds.Of(_path) != FileKind.Regular)
        {
            return null;
        }

        return (_read ??= Read()).Objects.GetValueOrDefault(sha256);
    }

    /// <summary>The file and its lines that are not as they were written, by their numbers from 1; none where there is no such file.</summary>
    /// <exception cref="HarvestException">The file cannot be read.</exception>
    public (string Path, IReadOnlyList<int> Lines) Damaged() => (_path, Read().Damaged.ConvertAll(static line => line.Number));

    /// <summary>Everything that it has, in no order.</summary>
    public IEnumerable<RemovedObject> All() => (_read ??= Read()).Objects.Values;

    /// <summary>Adds objects before they are removed: what is gone without a word would count as lost. The caller holds the archive alone.</summary>
    /// <exception cref="HarvestException">The log cannot be written; it is as it was.</exception>
    public void Add(IReadOnlyList<RemovedObject> objects)
    {
        if (objects.Count == 0)
        {
            return;
        }

        RemovalLines all = Read();
        all.Add(objects);
        FileKinds.RequireStored(_path, "write");
        AtomicFile.WriteAllBytes(_path, all.ToBytes());
        _read = all;
    }

    private RemovalLines Read() => FileKinds.Of(_path) == FileKind.Regular ? RemovalLines.Parse(AtomicFile.ReadAllBytes(_path)) : new RemovalLines();
}

/// <summary>The lines of a log of removals, an archive's or a remote's.</summary>
internal sealed class RemovalLines
{
    /// <summary>What was removed, by hash.</summary>
    public Dictionary<string, RemovedObject> Objects { get; } = new(StringComparer.Ordinal);

    /// <summary>Lines that are not as they were written, with their numbers from 1.</summary>
    public List<(int Number, byte[] Line)> Damaged { get; } = [];

    /// <summary>Reads a file of it.</summary>
    /// <param name="bytes">The file.</param>
    public static RemovalLines Parse(ReadOnlySpan<byte> bytes)
    {
        var lines = new RemovalLines();
        int number = 0;
        foreach (Range range in bytes.Split((byte)'\n'))
        {
            number++;
            ReadOnlySpan<byte> line = bytes[range];
            if (TryRead(line) is { } one)
            {
                lines.Objects[one.Sha256] = one;
            }
            else if (!line.IsEmpty)
            {
                // The objects of the others are known all the same.
                lines.Damaged.Add((number, line.ToArray()));
            }
        }

        return lines;
    }

    /// <summary>Adds objects; the last word on one is what counts.</summary>
    public void Add(IEnumerable<RemovedObject> objects)
    {
        foreach (RemovedObject one in objects)
        {
            Objects[one.Sha256] = one;
        }
    }

    /// <summary>The file: what cannot be believed first, as it is, since somebody may still read a hash in it.</summary>
    public byte[] ToBytes()
    {
        using var text = new MemoryStream();
        foreach (byte[] line in Damaged.Select(static damaged => damaged.Line)
            .Concat(Objects.Values.Select(static one => CanonicalJson.Of(RecordSeal.Seal(new JsonObject { ["removed_at"] = one.RemovedAt.Text, ["sha256"] = one.Sha256, ["what"] = one.What })))))
        {
            text.Write(line);
            text.WriteByte((byte)'\n');
        }

        return text.ToArray();
    }

    private static RemovedObject? TryRead(ReadOnlySpan<byte> line)
    {
        try
        {
            return !line.IsEmpty && JsonNode.Parse(line, documentOptions: new JsonDocumentOptions { AllowDuplicateProperties = false }) is JsonObject json
                && RecordSeal.Open(json) == SealState.Right
                && json["sha256"]?.GetValue<string>() is { } sha256 && Sha256Text.IsNormal(sha256)
                && Timestamp.TryParse(json["removed_at"]?.GetValue<string>(), out Timestamp removed)
                ? new RemovedObject(sha256, removed, json["what"]?.GetValue<string>() ?? "object")
                : null;
        }
        catch (Exception fault) when (fault is JsonException or InvalidOperationException or HarvestException or ArgumentException)
        {
            return null;
        }
    }
}
