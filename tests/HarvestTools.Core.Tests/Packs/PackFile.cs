using System.Security.Cryptography;
using System.Text;
using HarvestTools.Files;
using HarvestTools.Packs;
using HarvestTools.Tests.Files;

namespace HarvestTools.Tests.Packs;

/// <summary>Packs of made bytes in a temporary folder.</summary>
internal sealed class PackFile : IDisposable
{
    public TemporaryFolder Folder { get; } = new();

    public PackFolder Packs => new(Folder.Path);

    public static string HashOf(byte[] bytes) => Convert.ToHexStringLower(SHA256.HashData(bytes));

    /// <summary>Writes a pack of the bytes, a patch against others that are packed already where a hash is given; returns the hash.</summary>
    public string Pack(byte[] bytes, string? against = null)
    {
        string sha256 = HashOf(bytes);
        string raw = Folder[$"raw-{sha256}"];
        File.WriteAllBytes(raw, bytes);
        using FileStream file = AtomicFile.OpenRead(raw, bufferBytes: 0);
        PackUnits? units = PackUnits.TryCut(file, raw, CancellationToken.None);
        using IPackAnchor? anchor = against is null ? null : Packs.OpenAnchor(against, _ => null);
        using PendingFile pending = PendingFile.Create(Packs.Folder);
        _ = PackWriter.Write(file, sha256, units, anchor, pending.Stream, null, CancellationToken.None);
        Directory.CreateDirectory(Path.GetDirectoryName(Packs.PathOf(sha256))!);
        pending.Commit(Packs.PathOf(sha256));
        return sha256;
    }

    public byte[] Read(string sha256, Func<string, string?>? loose = null)
    {
        using PackStream stream = Packs.TryOpen(sha256, loose ?? (static _ => null)) ?? throw new FileNotFoundException(sha256);
        using var all = new MemoryStream();
        stream.CopyTo(all);
        return all.ToArray();
    }

    /// <summary>Tasks of random numbers, which hardly compress, in the order of the ids given.</summary>
    public static byte[] Export(IEnumerable<int> ids, int bytes = 2_000, int changed = -1, string separator = ",", string end = "]")
    {
        var text = new StringBuilder("[");
        foreach (int id in ids)
        {
            var random = new Random(id == changed ? id + 1_000_000 : id);
            text.Append(text.Length > 1 ? separator : "").Append("{\"id\":").Append(id).Append(",\"annotations\":[{\"x\":\"");
            for (int i = 0; i < bytes / 19; i++)
            {
                text.Append(random.NextInt64());
            }

            text.Append("\"}]}");
        }

        return Encoding.UTF8.GetBytes(text.Append(end).ToString());
    }

    public void Dispose() => Folder.Dispose();
}
