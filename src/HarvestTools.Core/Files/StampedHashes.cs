using System.Collections.Concurrent;
using System.Globalization;
using System.Text;

namespace HarvestTools.Files;

/// <summary>
/// Hashes of files with the stamps under which they were taken, kept between runs, so that files that did not change need
/// not be read again. Thread-safe. A list that is missing or damaged is an empty one.
/// </summary>
internal sealed class StampedHashes
{
    private const string Header = "harvest-file-hashes 1";
    private const int Fields = 7;

    private readonly string _listPath;
    private readonly ConcurrentDictionary<string, (FileStamp Stamp, string Sha256)> _known = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, bool> _asked = new(StringComparer.Ordinal);
    private int _changes;

    private StampedHashes(string listPath)
    {
        _listPath = listPath;
    }

    /// <param name="listPath">Full path of the list; it need not exist.</param>
    /// <param name="trusted">False takes every hash anew and only writes the list.</param>
    public static StampedHashes Open(string listPath, bool trusted)
    {
        var hashes = new StampedHashes(listPath);
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
        FileStamp? before = FileStamp.TryGet(path);
        _asked[path] = true;
        if (before is { } stamp && _known.TryGetValue(path, out (FileStamp Stamp, string Sha256) known) && known.Stamp == stamp)
        {
            return known.Sha256;
        }

        string sha256 = compute();

        // Whoever changes the file while it is hashed changes its stamp.
        if (before is { } settled && settled.IsSettled(now) && FileStamp.TryGet(path) == before)
        {
            _known[path] = (settled, sha256);
            Interlocked.Increment(ref _changes);
        }

        return sha256;
    }

    /// <summary>Writes the list where anything is new in it. Of two processes that write at once the second one's list stays.</summary>
    public void Save()
    {
        if (Interlocked.Exchange(ref _changes, 0) == 0)
        {
            return;
        }

        var text = new StringBuilder(Header).Append('\n');
        foreach ((string path, (FileStamp stamp, string sha256)) in _known.OrderBy(static entry => entry.Key, StringComparer.Ordinal))
        {
            // A file that is gone is not asked for and need not be remembered.
            if (_asked.ContainsKey(path) || File.Exists(path))
            {
                text.Append(
                    CultureInfo.InvariantCulture,
                    $"{sha256} {stamp.Bytes} {stamp.Modified} {stamp.Changed} {stamp.Inode} {stamp.Device} {path}\n");
            }
        }

        AtomicFile.WriteAllText(_listPath, text.ToString());
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
                _known[fields[6]] = (new FileStamp(bytes, modified, changed, inode, device), fields[0]);
            }
        }
    }
}
