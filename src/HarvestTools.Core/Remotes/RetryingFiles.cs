namespace HarvestTools.Remotes;

/// <summary>
/// Tries again what failed by trouble that may pass, after a wait that doubles, as long as the other side asks for, or about as long
/// as that; a download goes on where it broke off. It says what it waits for.
/// </summary>
/// <param name="inner">The remote. Disposed with this.</param>
/// <param name="notice">Receives a sentence before each wait worth mentioning; null for nobody.</param>
/// <param name="wait">Waits that long, or less where it is cancelled; null for the system's clock.</param>
internal sealed class RetryingFiles(IRemoteFiles inner, Action<string>? notice = null, Action<TimeSpan, CancellationToken>? wait = null) : IRemoteFiles
{
    /// <summary>How often one call is tried in all.</summary>
    public const int Attempts = 6;

    private static readonly TimeSpan s_first = TimeSpan.FromMilliseconds(250);
    private static readonly TimeSpan s_longest = TimeSpan.FromSeconds(60);

    // Shorter ones are over before anybody has read of them.
    private static readonly TimeSpan s_worthSaying = TimeSpan.FromSeconds(1);

    private readonly Action<TimeSpan, CancellationToken> _wait = wait ?? Sleep;

    public string Name => inner.Name;

    public bool KeepsChecksums => Retry(() => inner.KeepsChecksums, "checksums", CancellationToken.None);

    public void RequireLayout(CancellationToken cancellation = default) => Retry(
        () =>
        {
            inner.RequireLayout(cancellation);
            return true;
        },
        "layout",
        cancellation);

    public bool HasConditions(CancellationToken cancellation = default) => Retry(() => inner.HasConditions(cancellation), "conditions", cancellation);

    public string? LocalPath(string path) => inner.LocalPath(path);

    /// <summary>A list that breaks off is begun again, and what it gave already is not given twice.</summary>
    /// <inheritdoc/>
    public IEnumerable<RemoteFile> List(string prefix, CancellationToken cancellation = default)
    {
        var given = new HashSet<string>(StringComparer.Ordinal);
        for (int attempt = 1; ; attempt++)
        {
            using IEnumerator<RemoteFile> files = inner.List(prefix, cancellation).GetEnumerator();
            bool broken = false;
            while (true)
            {
                RemoteFile file;
                try
                {
                    if (!files.MoveNext())
                    {
                        break;
                    }

                    file = files.Current;
                }
                catch (RemoteTroubleException trouble)
                {
                    Pause(trouble, attempt, "listing", cancellation);
                    broken = true;
                    break;
                }

                if (given.Add(file.Path))
                {
                    yield return file;
                }
            }

            if (!broken)
            {
                yield break;
            }
        }
    }

    public RemoteFile? Find(string path, CancellationToken cancellation = default) =>
        Retry(() => inner.Find(path, cancellation), path, cancellation);

    public RemoteContent? TryOpen(string path, long offset = 0, CancellationToken cancellation = default) =>
        Retry(() => inner.TryOpen(path, offset, cancellation), path, cancellation) is { } content
            ? content with { Stream = new ResumingStream(this, content, path, offset, cancellation) }
            : null;

    public bool TryCreate(string path, Upload upload, CancellationToken cancellation = default)
    {
        // The answer to the first attempt may have been lost after the file was put there: then it is there with these bytes.
        bool again = false;
        return Retry(
            () =>
            {
                bool created = inner.TryCreate(path, upload, cancellation) || (again && IsOwn(path, upload, cancellation));
                return created;
            },
            path,
            cancellation,
            () => again = true);
    }

    public void Replace(string path, Upload upload, CancellationToken cancellation = default) => Retry(
        () =>
        {
            inner.Replace(path, upload, cancellation);
            return true;
        },
        path,
        cancellation);

    public bool Remove(string path, CancellationToken cancellation = default) =>
        Retry(() => inner.Remove(path, cancellation), path, cancellation);

    public bool TryRemove(RemoteFile seen, CancellationToken cancellation = default) =>
        Retry(() => inner.TryRemove(seen, cancellation), seen.Path, cancellation);

    public IEnumerable<RemoteLeftover> Leftovers(string folder, CancellationToken cancellation = default) =>
        Retry<IReadOnlyList<RemoteLeftover>>(() => [.. inner.Leftovers(folder, cancellation)], folder, cancellation);

    public void Dispose() => inner.Dispose();

    /// <summary>Opens a file again after its bytes broke off.</summary>
    /// <param name="path">The file.</param>
    /// <param name="offset">Where it broke off.</param>
    /// <param name="trouble">Why.</param>
    /// <param name="attempt">How often it did without a byte in between, counted from 1.</param>
    /// <param name="cancellation">Ends the wait.</param>
    internal RemoteContent? Reopen(string path, long offset, Exception trouble, int attempt, CancellationToken cancellation)
    {
        Pause(trouble as RemoteTroubleException ?? new RemoteTroubleException(trouble.Message, inner: trouble), attempt, path, cancellation);
        return Retry(() => inner.TryOpen(path, offset, cancellation), path, cancellation);
    }

    private bool IsOwn(string path, Upload upload, CancellationToken cancellation) =>
        inner.Find(path, cancellation) is { } there && there.Bytes == upload.Bytes && (there.Sha256 ?? upload.Sha256) == upload.Sha256;

    private T Retry<T>(Func<T> call, string what, CancellationToken cancellation, Action? failed = null)
    {
        for (int attempt = 1; ; attempt++)
        {
            cancellation.ThrowIfCancellationRequested();
            try
            {
                return call();
            }
            catch (RemoteTroubleException trouble)
            {
                failed?.Invoke();
                Pause(trouble, attempt, what, cancellation);
            }
        }
    }

    private void Pause(RemoteTroubleException trouble, int attempt, string what, CancellationToken cancellation)
    {
        if (attempt >= Attempts)
        {
            throw RemoteErrors.RemoteUnavailable(Name, what, trouble.Message, attempt, trouble);
        }

        // Many transfers that were refused together come back one by one.
        double spread = 0.75 + (Random.Shared.NextDouble() / 2);
        TimeSpan pause = s_first * Math.Pow(2, attempt - 1) * spread;
        pause = trouble.Wait > pause ? trouble.Wait.Value : pause;
        pause = pause > s_longest ? s_longest : pause;
        if (pause >= s_worthSaying)
        {
            notice?.Invoke(RemoteText.Waiting(Name, trouble.Message, pause, attempt + 1, Attempts));
        }

        _wait(pause, cancellation);
    }

    private static void Sleep(TimeSpan pause, CancellationToken cancellation)
    {
        cancellation.WaitHandle.WaitOne(pause);
        cancellation.ThrowIfCancellationRequested();
    }
}
