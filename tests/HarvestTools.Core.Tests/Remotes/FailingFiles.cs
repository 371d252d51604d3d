using System.Security.Cryptography;
using HarvestTools.Remotes;

namespace HarvestTools.Tests.Remotes;

/// <summary>A remote in memory that fails as it is asked to.</summary>
internal sealed class FailingFiles : IRemoteFiles
{
    public SortedDictionary<string, byte[]> Kept { get; } = new(StringComparer.Ordinal);

    /// <summary>How many of the next calls fail by trouble that passes.</summary>
    public int Troubles { get; set; }

    /// <summary>How long it asks to be left alone.</summary>
    public TimeSpan? Wait { get; set; }

    /// <summary>What every call fails with.</summary>
    public Exception? Error { get; set; }

    /// <summary>Whether the next file is put there and the answer lost.</summary>
    public bool LosesAnswer { get; set; }

    /// <summary>After how many bytes each download breaks off.</summary>
    public int? BreaksAfter { get; set; }

    /// <summary>Whether it breaks off with an error, not with a quiet end.</summary>
    public bool BreaksByException { get; set; }

    /// <summary>After how many files a list has trouble, while there is some.</summary>
    public int? ListBreaksAfter { get; set; }

    public int Calls { get; private set; }

    /// <summary>Where each download began.</summary>
    public List<long> Opened { get; } = [];

    public string Name => "failing";

    public bool KeepsChecksums => Try(static () => true);

    public IEnumerable<RemoteFile> List(string prefix, CancellationToken cancellation = default)
    {
        int given = 0;
        foreach ((string path, byte[] bytes) in Kept)
        {
            if (given++ == (ListBreaksAfter ?? 0))
            {
                Try(static () => true);
            }

            yield return new RemoteFile(path, bytes.Length);
        }
    }

    public RemoteFile? Find(string path, CancellationToken cancellation = default) =>
        Try(() => Kept.TryGetValue(path, out byte[]? bytes) ? new RemoteFile(path, bytes.Length, Convert.ToHexStringLower(SHA256.HashData(bytes))) : null);

    public RemoteContent? TryOpen(string path, long offset = 0, CancellationToken cancellation = default) => Try(() =>
    {
        Opened.Add(offset);
        return Kept.TryGetValue(path, out byte[]? bytes) ? new RemoteContent(new Breaking(bytes[(int)offset..], this), bytes.Length) : null;
    });

    public bool TryCreate(string path, Upload upload, CancellationToken cancellation = default) => Try(() =>
    {
        if (Kept.ContainsKey(path))
        {
            return false;
        }

        Replace(upload, path);
        return LosesAnswer ? throw Trouble() : true;
    });

    public void Replace(string path, Upload upload, CancellationToken cancellation = default) => Try(() =>
    {
        Replace(upload, path);
        return true;
    });

    public bool Remove(string path, CancellationToken cancellation = default) => Try(() => Kept.Remove(path));

    public IEnumerable<RemoteLeftover> Leftovers(string folder, CancellationToken cancellation = default) => [];

    public void Dispose()
    {
    }

    private void Replace(Upload upload, string path)
    {
        using Stream stream = upload.Open();
        var copy = new MemoryStream();
        stream.CopyTo(copy);
        Kept[path] = copy.ToArray();
    }

    private RemoteTroubleException Trouble()
    {
        LosesAnswer = false;
        return new RemoteTroubleException("it is busy", Wait);
    }

    private T Try<T>(Func<T> call)
    {
        Calls++;
        if (Error is not null)
        {
            throw Error;
        }

        if (Troubles > 0)
        {
            Troubles--;
            throw Trouble();
        }

        return call();
    }

    private sealed class Breaking(byte[] bytes, FailingFiles files) : MemoryStream(bytes)
    {
        public override int Read(byte[] buffer, int offset, int count)
        {
            int left = Math.Min(count, (files.BreaksAfter ?? int.MaxValue) - (int)Position);
            return left > 0 ? base.Read(buffer, offset, left) : files.BreaksByException ? throw new IOException("cut") : 0;
        }
    }
}
