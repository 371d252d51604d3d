using System.Diagnostics;
using HarvestTools.Archive;
using HarvestTools.Files;
using HarvestTools.Packs;
using HarvestTools.Work;

namespace HarvestTools.Workflows;

/// <summary>By what it is estimated how much packing would save.</summary>
public static class PackingBasis
{
    /// <summary>By what the project's patches take of what they were.</summary>
    public const string Packs = nameof(Packs);

    /// <summary>By packing its newest exports that are plain, without keeping the result.</summary>
    public const string Sample = nameof(Sample);
}

/// <summary>
/// Estimates how much packing would save of a project: by what its patches take already, and where it has none by packing its two newest
/// exports for a trial. The trials of all projects together end after some seconds; what was not tried by then is not known.
/// </summary>
/// <param name="local">The archive.</param>
/// <param name="context">Cancellation.</param>
internal sealed class PackingEstimate(LocalObjectStore local, WorkContext context)
{
    private static readonly TimeSpan s_most = TimeSpan.FromSeconds(5);

    private readonly Stopwatch _spent = new();

    /// <summary>What a project's plain exports would take less as packs, and by what that is known; nulls where it is not.</summary>
    /// <param name="exports">Its exports that are here, the newest first.</param>
    public (long? Saved, string? Basis) Of(IReadOnlyList<string> exports)
    {
        // What a command has unpacked beside its pack goes with the next packing.
        long twice = exports.Where(sha256 => local.Packs.Find(sha256) is not null).Sum(sha256 => FileStat.TryGet(local.PathOf(sha256))?.Bytes ?? 0);
        (long? saved, string? basis) = OfPlain(exports);
        return (saved + twice, twice > 0 && saved is not null ? basis ?? PackingBasis.Packs : basis);
    }

    private (long? Saved, string? Basis) OfPlain(IReadOnlyList<string> exports)
    {
        (string Sha256, long Bytes)[] plain = [.. exports.Where(sha256 => local.Packs.Find(sha256) is null).Select(sha256 => (sha256, FileStat.TryGet(local.PathOf(sha256))?.Bytes ?? 0)).Where(static one => one.Item2 > 0)];
        if (plain.Length == 0)
        {
            return (0, null);
        }

        if (OfPatches(exports) is { } ratio)
        {
            return (Saved(plain.Sum(static one => one.Bytes), ratio), PackingBasis.Packs);
        }

        try
        {
            return Try(plain, exports) is { } saved ? (saved, PackingBasis.Sample) : (null, null);
        }
        catch (HarvestException)
        {
            // A damaged or unreadable one is for the check of the archive to name.
            return (null, null);
        }
    }

    /// <summary>What the project's patches take of what they were; null where it has none that a further export would be like.</summary>
    private double? OfPatches(IReadOnlyList<string> exports)
    {
        (long raw, long stored) = (0, 0);
        foreach (string sha256 in exports)
        {
            if (local.Packs.Find(sha256) is { } path && FileStat.TryGet(path)?.Bytes is { } bytes && PackFolder.TryLayout(new StoredPack(sha256, bytes, path)) is { Anchor: not null } layout)
            {
                (raw, stored) = (raw + layout.Bytes, stored + bytes);
            }
        }

        return raw == 0 ? null : (double)stored / raw;
    }

    private long? Try((string Sha256, long Bytes)[] plain, IReadOnlyList<string> exports)
    {
        if (s_most - _spent.Elapsed is not { Ticks: > 0 } left)
        {
            return null;
        }

        using var limit = CancellationTokenSource.CreateLinkedTokenSource(context.Cancellation);
        limit.CancelAfter(left);
        _spent.Start();
        try
        {
            // Where the newest is packed whole already, the rest become patches against it.
            string? packed = exports.FirstOrDefault(sha256 => local.Packs.Find(sha256) is not null);
            if (packed is not null)
            {
                using IPackAnchor? there = local.Packs.OpenAnchor(packed, local.LocalPath, limit.Token);
                return Saved(plain.Sum(static one => one.Bytes), Ratio(plain[0], there, limit.Token));
            }

            double whole = Ratio(plain[0], null, limit.Token);
            if (plain.Length == 1)
            {
                return Saved(plain[0].Bytes, whole);
            }

            using IPackAnchor? anchor = RawAnchor.TryOpen(local.PathOf(plain[0].Sha256), plain[0].Sha256, limit.Token);
            return Saved(plain[0].Bytes, whole) + Saved(plain.Skip(1).Sum(static one => one.Bytes), Math.Min(whole, Ratio(plain[1], anchor, limit.Token)));
        }
        catch (OperationCanceledException) when (!context.Cancellation.IsCancellationRequested)
        {
            return null;
        }
        finally
        {
            _spent.Stop();
        }
    }

    private double Ratio((string Sha256, long Bytes) one, IPackAnchor? anchor, CancellationToken cancellation)
    {
        string path = local.PathOf(one.Sha256);
        using FileStream raw = AtomicFile.OpenRead(path, bufferBytes: 0);
        PackUnits? units = PackUnits.TryCut(raw, path, cancellation);
        return (double)PackWriter.Write(raw, one.Sha256, units, anchor, Stream.Null, null, cancellation) / one.Bytes;
    }

    private static long Saved(long bytes, double ratio) => Math.Max(0, bytes - (long)(bytes * ratio));
}
