using System.Collections.Concurrent;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace HarvestTools.Files;

/// <summary>
/// Hashes of files with the stat under which they were taken, kept between runs in a file, so that files that did not change
/// need not be read again. A file of several names (hard links) is known under each. Thread-safe. A cache file that is missing
/// or damaged is an empty cache.
/// </summary>
internal sealed class StatCache
{
    /// <summary>
    /// The first line of the cache file begins with this, and ends with the SHA-256 of all that follows it: a hash in which a bit
    /// was flipped would have a good file called damaged. Each line after it has the hash, the members of <see cref="FileStat"/>
    /// in their order and the path, separated by single spaces; a path may have spaces itself.
    /// </summary>
    private const string Header = "harvest-stat-cache 2 ";
    private const int Fields = 7;

    private readonly string _cachePath;
    private readonly ConcurrentDictionary<string, CachedHash> _known = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<FileStat, string> _files = new();
    private readonly ConcurrentDictionary<string, bool> _asked = new(StringComparer.Ordinal);
    private int _changes;

    private StatCache(string cachePath)
    {
        _cachePath = cachePath;
    }

    /// <param name="cachePath">Full path of the cache file; it need not exist.</param>
    /// <param name="trusted">False computes every hash again and only writes the cache file.</param>
    public static StatCache Open(string cachePath, bool trusted)
    {
        // A cache that is not trusted is replaced, also by an empty one.
        var cache = new StatCache(cachePath) { _changes = trusted ? 0 : 1 };
        if (trusted && FileKinds.Of(cachePath) == FileKind.Regular)
        {
            cache.Read(AtomicFile.ReadAllBytes(cachePath));
        }

        return cache;
    }

    /// <summary>SHA-256 of the file: as it was taken under the stat that the file still has, else taken now.</summary>
    /// <param name="path">Full path of a file that exists.</param>
    /// <param name="now">Decides whether the stat can be relied on; see <see cref="FileStat.IsSettled"/>.</param>
    /// <param name="compute">Hashes the file.</param>
    public string Get(string path, DateTimeOffset now, Func<string> compute)
    {
        FileStat? before = FileStat.TryGet(path);
        _asked[path] = true;
        if (before is { } stat && Known(path, stat) is { } known)
        {
            return known;
        }

        string sha256 = compute();

        // A change of the file while it is hashed changes its stat.
        if (before is { } settled && settled.IsSettled(now) && FileStat.TryGet(path) == before)
        {
            Keep(path, settled, sha256);
        }

        return sha256;
    }

    /// <summary>
    /// Takes note of a file that the caller has written, hashing it on the way, and has made read-only: a program that changes it
    /// in place must make it writable first, so it need not settle.
    /// </summary>
    public void Written(string path, string sha256)
    {
        if (FileStat.TryGet(path) is { } stat)
        {
            _asked[path] = true;
            Keep(path, stat, sha256);
        }
    }

    /// <summary>Takes note of a second name that the caller has just given to a file: that changes its stat and no byte of it.</summary>
    /// <param name="path">The name under which the file was asked for in this run.</param>
    /// <param name="linked">Its new name.</param>
    public void Linked(string path, string linked)
    {
        if (!_known.TryGetValue(path, out CachedHash? known)
            || FileStat.TryGet(path) is not { } stat
            || stat with { Changed = known.Stat.Changed } != known.Stat)
        {
            return;
        }

        Keep(path, stat, known.Sha256);
        if (!stat.IsOfOneFile && FileStat.TryGet(linked) == stat)
        {
            _asked[linked] = true;
            Keep(linked, stat, known.Sha256);
        }
    }

    /// <summary>Writes the cache file where anything is new in it. Of two processes that write at once the second one's file stays.</summary>
    public void Save()
    {
        if (Interlocked.Exchange(ref _changes, 0) == 0)
        {
            return;
        }

        var text = new StringBuilder();
        var written = new HashSet<FileStat>();
        foreach (string path in _known.Keys.Order(StringComparer.Ordinal))
        {
            (FileStat stat, string sha256) = _known[path];

            // A file that is gone is not asked for and need not be remembered; of several names one is enough.
            if ((_asked.ContainsKey(path) || File.Exists(path)) && (written.Add(stat) || !stat.IsOfOneFile))
            {
                text.Append(
                    CultureInfo.InvariantCulture,
                    $"{sha256} {stat.Bytes} {stat.Modified} {stat.Changed} {stat.Inode} {stat.Device} {path}\n");
            }
        }

        FileKinds.RequireStored(_cachePath, "write");
        byte[] lines = Encoding.UTF8.GetBytes(text.ToString());
        AtomicFile.WriteUnflushed(_cachePath, [.. FirstLine(lines), .. lines]);
    }

    /// <summary>As <see cref="Save"/>, where the cache is a by-product: it saves time and nothing else, and a folder that may not be written is no fault.</summary>
    public void TrySave()
    {
        try
        {
            Save();
        }
        catch (HarvestException)
        {
            // The next run hashes again.
        }
    }

    private string? Known(string path, FileStat stat)
    {
        bool named = _known.TryGetValue(path, out CachedHash? known);
        if (named && known!.Stat == stat)
        {
            return known.Sha256;
        }

        if (!stat.IsOfOneFile || !_files.TryGetValue(stat, out string? sha256))
        {
            return null;
        }

        // The file is known under another name; what is known under this one is out of date.
        _known[path] = new CachedHash(stat, sha256);
        if (named)
        {
            Interlocked.Increment(ref _changes);
        }

        return sha256;
    }

    private void Keep(string path, FileStat stat, string sha256)
    {
        _known[path] = new CachedHash(stat, sha256);
        _files[stat] = sha256;
        Interlocked.Increment(ref _changes);
    }

    private static byte[] FirstLine(ReadOnlySpan<byte> lines) =>
        Encoding.UTF8.GetBytes($"{Header}{Convert.ToHexStringLower(SHA256.HashData(lines))}\n");

    private void Read(ReadOnlySpan<byte> file)
    {
        ReadOnlySpan<byte> lines = file[(file.IndexOf((byte)'\n') + 1)..];
        if (!file[..^lines.Length].SequenceEqual(FirstLine(lines)))
        {
            return;
        }

        foreach (string line in Encoding.UTF8.GetString(lines).Split('\n'))
        {
            string[] fields = line.Split(' ', Fields);
            if (fields.Length == Fields
                && fields[0].Length == 64
                && long.TryParse(fields[1], NumberStyles.None, CultureInfo.InvariantCulture, out long bytes)
                && long.TryParse(fields[2], NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out long modified)
                && long.TryParse(fields[3], NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out long changed)
                && ulong.TryParse(fields[4], NumberStyles.None, CultureInfo.InvariantCulture, out ulong inode)
                && ulong.TryParse(fields[5], NumberStyles.None, CultureInfo.InvariantCulture, out ulong device))
            {
                var stat = new FileStat(bytes, modified, changed, inode, device);
                _known[fields[6]] = new CachedHash(stat, fields[0]);
                _files[stat] = fields[0];
            }
        }
    }

    private sealed record CachedHash(FileStat Stat, string Sha256);
}
