using System.Collections.Concurrent;
using System.Globalization;
using System.Text;

namespace HarvestTools.Files;

/// <summary>
/// Hashes of files with the stamps under which they were taken, kept between runs, so that files that did not change need
/// not be read again. A file of several names (hard links) is known under each. Thread-safe. A list that is missing or
/// damaged is an empty one.
/// </summary>
internal sealed class StatCache
{
    private const string Header = "harvest-file-hashes 1";
    private const int Fields = 7;

    private readonly string _listPath;
    private readonly ConcurrentDictionary<string, CachedHash> _known = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<FileStat, string> _files = new();
    private readonly ConcurrentDictionary<string, bool> _asked = new(StringComparer.Ordinal);
    private int _changes;

    private StatCache(string listPath)
    {
        _listPath = listPath;
    }

    /// <param name="listPath">Full path of the list; it need not exist.</param>
    /// <param name="trusted">False takes every hash anew and only writes the list.</param>
    public static StatCache Open(string listPath, bool trusted)
    {
        // A list that is not trusted is replaced, also by an empty one.
        var hashes = new StatCache(listPath) { _changes = trusted ? 0 : 1 };
        if (trusted && File.Exists(listPath))
        {
            hashes.Read(Encoding.UTF8.GetString(AtomicFile.ReadAllBytes(listPath)));
        }

        return hashes;
    }

    /// <summary>SHA-256 of the file: as it was taken under the stamp that the file still has, else taken now.</summary>
    /// <param name="path">Full path of a file that exists.</param>
    /// <param name="now">Tells whether the stamp can be relied on.</param>
    /// <param name="compute">Hashes the file.</param>
    public string Get(string path, DateTimeOffset now, Func<string> compute)
    {
        FileStat? before = FileStat.TryGet(path);
        _asked[path] = true;
        if (before is { } stamp && Known(path, stamp) is { } known)
        {
            return known;
        }

        string sha256 = compute();

        // Whoever changes the file while it is hashed changes its stamp.
        if (before is { } settled && settled.IsSettled(now) && FileStat.TryGet(path) == before)
        {
            Keep(path, settled, sha256);
        }

        return sha256;
    }

    /// <summary>
    /// Takes note of a file that the caller has written, hashing it on the way, and has made read-only: whoever changes it
    /// in place must make it writable first, so it need not settle.
    /// </summary>
    public void Written(string path, string sha256)
    {
        if (FileStat.TryGet(path) is { } stamp)
        {
            _asked[path] = true;
            Keep(path, stamp, sha256);
        }
    }

    /// <summary>Takes note of a second name that the caller has just given to a file: that changes its stamp and no byte of it.</summary>
    /// <param name="path">The name under which the file was asked for in this run.</param>
    /// <param name="linked">Its new name.</param>
    public void Linked(string path, string linked)
    {
        if (!_known.TryGetValue(path, out CachedHash? known)
            || FileStat.TryGet(path) is not { } stamp
            || stamp with { Changed = known.Stamp.Changed } != known.Stamp)
        {
            return;
        }

        Keep(path, stamp, known.Sha256);
        if (!stamp.IsOfOneFile && FileStat.TryGet(linked) == stamp)
        {
            _asked[linked] = true;
            Keep(linked, stamp, known.Sha256);
        }
    }

    /// <summary>Writes the list where anything is new in it. Of two processes that write at once the second one's list stays.</summary>
    public void Save()
    {
        if (Interlocked.Exchange(ref _changes, 0) == 0)
        {
            return;
        }

        var text = new StringBuilder(Header).Append('\n');
        var written = new HashSet<FileStat>();
        foreach (string path in _known.Keys.Order(StringComparer.Ordinal))
        {
            (FileStat stamp, string sha256) = _known[path];

            // A file that is gone is not asked for and need not be remembered; of several names one is enough.
            if ((_asked.ContainsKey(path) || File.Exists(path)) && (written.Add(stamp) || !stamp.IsOfOneFile))
            {
                text.Append(
                    CultureInfo.InvariantCulture,
                    $"{sha256} {stamp.Bytes} {stamp.Modified} {stamp.Changed} {stamp.Inode} {stamp.Device} {path}\n");
            }
        }

        AtomicFile.WriteAllText(_listPath, text.ToString());
    }

    /// <summary>As <see cref="Save"/>, where the list is a by-product: it saves time and nothing else, and a folder that may not be written is no fault.</summary>
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

    private string? Known(string path, FileStat stamp)
    {
        bool listed = _known.TryGetValue(path, out CachedHash? known);
        if (listed && known!.Stamp == stamp)
        {
            return known.Sha256;
        }

        if (!stamp.IsOfOneFile || !_files.TryGetValue(stamp, out string? sha256))
        {
            return null;
        }

        // It stands in the list under another name; what the list says under this one is out of date.
        _known[path] = new CachedHash(stamp, sha256);
        if (listed)
        {
            Interlocked.Increment(ref _changes);
        }

        return sha256;
    }

    private void Keep(string path, FileStat stamp, string sha256)
    {
        _known[path] = new CachedHash(stamp, sha256);
        _files[stamp] = sha256;
        Interlocked.Increment(ref _changes);
    }

    private void Read(string text)
    {
        string[] lines = text.Split('\n');
        if (lines[0] != Header)
        {
            return;
        }

        foreach (string line in lines.AsSpan(1))
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
                var stamp = new FileStat(bytes, modified, changed, inode, device);
                _known[fields[6]] = new CachedHash(stamp, fields[0]);
                _files[stamp] = fields[0];
            }
        }
    }

    private sealed record CachedHash(FileStat Stamp, string Sha256);
}
