using HarvestTools.Archive;
using HarvestTools.Files;
using HarvestTools.Packs;

namespace HarvestTools.Remotes;

/// <content>Packs on their way into an archive, each with what it is a patch against.</content>
internal sealed partial class RemoteObjectStore
{
    // Each time another process has packed an export in between.
    private const int MostLooks = 4;

    // Two that need one anchor bring it once.
    private readonly Lock _anchors = new();

    public bool TryBringPack(string sha256, LocalObjectStore local, Action<int>? moved, CancellationToken cancellation)
    {
        local.PrepareToWrite();
        using PendingFile? pack = Download(PackPathOf(sha256), local.Packs.Folder, moved, cancellation);
        if (pack is null)
        {
            return false;
        }

        PackLayout layout;
        try
        {
            using var read = PackReader.Open(pack.Handle, owner: null, Name, sha256);
            layout = read.Layout;
        }
        catch (HarvestException fault) when (fault.Fault == HarvestFault.Damaged)
        {
            DamageMarks.TryPut(files, sha256, cancellation);
            throw ArchiveErrors.RemoteObjectDamaged(Name, sha256);
        }

        if (layout.Anchor is { } needed)
        {
            BringAnchor(sha256, needed, local, again: false, moved, cancellation);
        }

        bool whole = IsWhole(sha256, pack, layout, local, cancellation);
        if (!whole && layout.Anchor is { } of && !IsWholeHere(of, local, cancellation))
        {
            // A repair may ask for a patch before its anchor was put right.
            BringAnchor(sha256, of, local, again: true, moved, cancellation);
            whole = IsWhole(sha256, pack, layout, local, cancellation);
        }

        if (!whole)
        {
            DamageMarks.TryPut(files, sha256, cancellation);
            throw ArchiveErrors.RemoteObjectDamaged(Name, sha256);
        }

        for (int look = 1; !local.TryName(sha256, pack, layout.Anchor, cancellation); look++)
        {
            if (IsWholeHere(sha256, local, cancellation))
            {
                // Another process archived it meanwhile, and packed what this one is against as a patch against it.
                return true;
            }

            if (look == MostLooks)
            {
                throw PackErrors.AnchorMissing(local.Name, sha256, layout.Anchor!);
            }

            FreeAnchor(sha256, layout.Anchor!, local, moved, cancellation);
        }

        return true;
    }

    /// <summary>Has plain bytes of what a patch is against, which is here as one against that patch's export in turn.</summary>
    private void FreeAnchor(string sha256, string anchor, LocalObjectStore local, Action<int>? moved, CancellationToken cancellation)
    {
        try
        {
            if (local.TryUnpack(anchor, cancellation) is not null)
            {
                return;
            }
        }
        catch (HarvestException fault) when (fault.Fault == HarvestFault.Damaged)
        {
            // The remote's does instead.
        }

        BringAnchor(sha256, anchor, local, again: true, moved, cancellation);
    }

    /// <param name="sha256">The patch.</param>
    /// <param name="anchor">What it is against.</param>
    /// <param name="local">The archive.</param>
    /// <param name="again">Whether what is here of the anchor does not count.</param>
    /// <param name="moved">Receives bytes as they come; null for nobody.</param>
    /// <param name="cancellation">Ends the transfer.</param>
    private void BringAnchor(string sha256, string anchor, LocalObjectStore local, bool again, Action<int>? moved, CancellationToken cancellation)
    {
        lock (_anchors)
        {
            if (!again && local.Holds(anchor) && IsReadableHere(sha256, anchor, local, cancellation))
            {
                return;
            }

            if (files.TryOpen(PathOf(anchor), cancellation: cancellation) is { } content)
            {
                using (content.Stream)
                {
                    if (local.TryAdd(anchor, content.Stream, Name, cancellation) is null)
                    {
                        DamageMarks.TryPut(files, anchor, cancellation);
                        throw ArchiveErrors.RemoteObjectDamaged(Name, anchor);
                    }
                }
            }
            else if (!TryBringPack(anchor, local, moved, cancellation))
            {
                throw RemoteErrors.RemoteAnchorMissing(Name, sha256, anchor);
            }
        }
    }

    /// <summary>
    /// Whether the anchor can be read here without the patch that is being brought: where this machine packed the anchor as a patch against
    /// that one, each would be read by the other alone.
    /// </summary>
    private static bool IsReadableHere(string sha256, string anchor, LocalObjectStore local, CancellationToken cancellation)
    {
        try
        {
            using IPackAnchor open = OpenHere(sha256, anchor, local, cancellation);
            return true;
        }
        catch (HarvestException fault) when (fault.Fault == HarvestFault.Damaged)
        {
            // The remote's does instead.
            return false;
        }
    }

    private static IPackAnchor OpenHere(string sha256, string anchor, LocalObjectStore local, CancellationToken cancellation) => MovedFile.Open(
        () => local.Packs.OpenAnchor(anchor, local.LocalPath, [sha256], cancellation) ?? throw PackErrors.AnchorMissing(local.Name, sha256, anchor),
        static fault => FileErrors.IsGone(fault) || fault.ErrorId == nameof(PackErrors.AnchorMissing));

    private bool IsWhole(string sha256, PendingFile pack, PackLayout layout, LocalObjectStore local, CancellationToken cancellation)
    {
        try
        {
            using IPackAnchor? anchor = layout.Anchor is { } of ? OpenHere(sha256, of, local, cancellation) : null;
            using var stream = new PackStream(PackReader.Open(pack.Handle, owner: null, Name, sha256), anchor, spill);
            return StreamHash.Compute(stream, Name, null, cancellation) == sha256;
        }
        catch (HarvestException fault) when (fault.Fault == HarvestFault.Damaged)
        {
            // As if it had another hash.
            return false;
        }
    }

    /// <summary>Whether the anchor is this machine's and right: its damage is none of the remote's.</summary>
    private static bool IsWholeHere(string anchor, LocalObjectStore local, CancellationToken cancellation)
    {
        try
        {
            return local.HashNow(anchor, cancellation: cancellation) == anchor;
        }
        catch (HarvestException fault) when (fault.Fault == HarvestFault.Damaged)
        {
            return false;
        }
    }
}
