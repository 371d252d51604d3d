using HarvestTools.Manifests;
using HarvestTools.Remotes;
using HarvestTools.Repositories;

namespace HarvestTools.Workflows;

/// <summary>What became of one thing that was to be moved between this machine and a remote.</summary>
public enum TransferOutcome
{
    /// <summary>It was moved.</summary>
    Moved,

    /// <summary>It would be moved; nothing was, since only a list was asked for.</summary>
    Pending,

    /// <summary>It was there.</summary>
    AlreadyThere,

    /// <summary>It was there and damaged, and was replaced; the damaged bytes are kept in the remote's quarantine.</summary>
    Replaced,

    /// <summary>It could not be moved; the error says why.</summary>
    Failed,
}

/// <summary>One thing that was to be moved.</summary>
/// <param name="What">For people: <c>export of project a</c>, <c>tables of project a</c>.</param>
/// <param name="Sha256">The object's hash, or the part's key.</param>
/// <param name="Bytes">Its size; 0 where it is not known.</param>
/// <param name="Outcome">What became of it.</param>
public sealed record TransferredItem(string What, string Sha256, long Bytes, TransferOutcome Outcome)
{
    /// <summary>Why it was not moved; null where it was.</summary>
    public HarvestException? Error { get; init; }
}

/// <summary>What a push or a pull did.</summary>
/// <param name="Remote">The remote's name.</param>
/// <param name="Address">Its address.</param>
/// <param name="Versions">The slices.</param>
/// <param name="Items">What they need, objects before tables.</param>
/// <param name="Records">How many records of exports were written.</param>
public sealed record TransferResult(string Remote, string Address, IReadOnlyList<string> Versions, IReadOnlyList<TransferredItem> Items, int Records)
{
    /// <summary>How many temporary files of uploads that were killed a push removed from the remote.</summary>
    public int LeftoversRemoved { get; init; }

    /// <summary>How many things were moved.</summary>
    public int Moved => Count(TransferOutcome.Moved);

    /// <summary>Bytes of the things that were moved.</summary>
    public long BytesMoved => Bytes(TransferOutcome.Moved);

    /// <summary>How many were there.</summary>
    public int AlreadyThere => Count(TransferOutcome.AlreadyThere);

    /// <summary>How many were damaged there, and were replaced.</summary>
    public int Replaced => Count(TransferOutcome.Replaced);

    /// <summary>How many could not be moved.</summary>
    public int Failed => Count(TransferOutcome.Failed);

    /// <summary>How many things have an outcome.</summary>
    public int Count(TransferOutcome outcome) => Items.Count(item => item.Outcome == outcome);

    /// <summary>Bytes of the things that have an outcome.</summary>
    public long Bytes(TransferOutcome outcome) => Items.Where(item => item.Outcome == outcome).Sum(static item => item.Bytes);
}

/// <summary>What to move between this machine and a remote.</summary>
public sealed record TransferRequest
{
    /// <summary>How many transfers run at once where nobody says.</summary>
    public const int DefaultTransfers = RemoteObjectStore.DefaultTransfers;

    /// <summary>Versions, or ranges such as <c>v1..v3</c>; empty for all slices.</summary>
    public IReadOnlyList<string> Versions { get; init; } = [];

    /// <summary>The remote; null for the one that is meant.</summary>
    public string? Remote { get; init; }

    /// <summary>Also the Parquet tables, so that the other side need not derive them.</summary>
    public bool Tables { get; init; }

    /// <summary>Also the media that the slices list.</summary>
    public bool Media { get; init; }

    /// <summary>With <see cref="Media"/>: only those of these episodes, each with its folder or without; empty for all.</summary>
    public IReadOnlyList<string> Episodes { get; init; } = [];

    /// <summary>Move nothing, and say what would be moved.</summary>
    public bool DryRun { get; init; }

    /// <summary>At a push, read what is there already too, and replace what is damaged.</summary>
    public bool Deep { get; init; }

    /// <summary>At a deep push, read in the remote alone what is in quarantine here, so that it stays there; what is not whole in the remote is sent all the same.</summary>
    internal bool LeavesAside { get; init; }

    /// <summary>How many transfers run at once.</summary>
    public int Transfers { get; init; } = DefaultTransfers;
}

/// <summary>What a push and a pull have in common.</summary>
internal static class TransferSlices
{
    /// <summary>The slices that are meant.</summary>
    public static IReadOnlyList<SliceManifest> Slices(Repository repository, TransferRequest request, CancellationToken cancellation) =>
        [.. History.SliceRange.Resolve(repository.Slices, request.Versions).Select(version => repository.Slices.Load(version, cancellation))];

    /// <summary>
    /// Moves things, several at once. One that fails by itself has its error and does not keep the others from being moved; a remote that
    /// cannot be used at all ends everything.
    /// </summary>
    /// <param name="remote">The remote.</param>
    /// <param name="items">What to move.</param>
    /// <param name="move">Moves one.</param>
    /// <param name="cancellation">Ends the transfer.</param>
    public static TransferredItem[] Run<T>(Remote remote, IReadOnlyList<T> items, Func<T, TransferredItem> move, CancellationToken cancellation)
        where T : NeededThing
    {
        var results = new TransferredItem[items.Count];
        remote.Objects.RunAtOnce(
            items.Count,
            i =>
            {
                try
                {
                    results[i] = move(items[i]);
                }
                catch (HarvestException fault) when (fault.Fault != HarvestFault.Remote)
                {
                    results[i] = new TransferredItem(items[i].What, items[i].Id, items[i].Bytes, TransferOutcome.Failed) { Error = fault };
                }
            },
            cancellation);
        return results;
    }
}

/// <summary>Something to move.</summary>
/// <param name="What">For people.</param>
/// <param name="Id">Its hash or key.</param>
/// <param name="Bytes">Its size; 0 where it is not known.</param>
internal record NeededThing(string What, string Id, long Bytes);
