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
/// told from what was lost. An object that is archived again is there, whatever the log says.
/// </summary>
/// <param name="folder">Full path of the archive.</param>
internal sealed class RemovalLog(string folder)
{
    public const string FileName = "removed.jsonl";

    private readonly string _path = Path.Combine(folder, FileName);
    private Dictionary<string, RemovedObject>? _read;

    /// <summary>What the log says of an object; null where it says nothing.</summary>
    public RemovedObject? Find(string sha256)
    {
        // Most archives have no log, and are asked of every object that they lack.
        if (_read is null && FileKinds.Of(_path) != FileKind.Regular)
        {
            return null;
        }

        return (_read ??= Read()).GetValueOrDefault(sha256);
    }

    /// <summary>Everything that it has, in no order.</summary>
    public IEnumerable<RemovedObject> All() => (_read ??= Read()).Values;

    /// <summary>Adds objects before they are removed: what is gone without a word would count as lost. The caller holds the archive alone.</summary>
    /// <exception cref="HarvestException">The log cannot be written; it is as it was.</exception>
    public void Add(IReadOnlyList<RemovedObject> objects)
    {
        if (objects.Count == 0)
        {
            return;
        }

        Dictionary<string, RemovedObject> all = Read();
        foreach (RemovedObject one in objects)
        {
            all[one.Sha256] = one;
        }

        FileKinds.RequireStored(_path, "write");
        AtomicFile.WriteAllBytes(_path, ToBytes(all.Values));
        _read = all;
    }

    /// <summary>The log as a file.</summary>
    /// <param name="objects">What it has.</param>
    public static byte[] ToBytes(IEnumerable<RemovedObject> objects)
    {
        using var text = new MemoryStream();
        foreach (RemovedObject one in objects)
        {
            text.Write(CanonicalJson.Of(new JsonObject { ["removed_at"] = one.RemovedAt.Text, ["sha256"] = one.Sha256, ["what"] = one.What }));
            text.WriteByte((byte)'\n');
        }

        return text.ToArray();
    }

    /// <summary>What a file of it says, by hash.</summary>
    /// <param name="bytes">The file.</param>
    public static Dictionary<string, RemovedObject> Parse(byte[] bytes)
    {
        var all = new Dictionary<string, RemovedObject>(StringComparer.Ordinal);
        foreach (string line in System.Text.Encoding.UTF8.GetString(bytes).Split('\n', StringSplitOptions.RemoveEmptyEntries))
        {
            // A line that somebody edited says nothing; the objects of the others are known all the same.
            if (TryRead(line) is { } one)
            {
                all[one.Sha256] = one;
            }
        }

        return all;
    }

    private Dictionary<string, RemovedObject> Read() =>
        FileKinds.Of(_path) == FileKind.Regular ? Parse(AtomicFile.ReadAllBytes(_path)) : new Dictionary<string, RemovedObject>(StringComparer.Ordinal);

    private static RemovedObject? TryRead(string line)
    {
        try
        {
            return JsonNode.Parse(line) is JsonObject json
                && json["sha256"]?.GetValue<string>() is { } sha256 && Sha256Text.IsNormal(sha256)
                && Timestamp.TryParse(json["removed_at"]?.GetValue<string>(), out Timestamp removed)
                ? new RemovedObject(sha256, removed, json["what"]?.GetValue<string>() ?? "object")
                : null;
        }
        catch (Exception fault) when (fault is System.Text.Json.JsonException or InvalidOperationException)
        {
            return null;
        }
    }
}
