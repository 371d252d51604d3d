using System.Buffers;
using HarvestTools.Files;
namespace HarvestTools.Manifests;

/// <content>Which slice is the newest, where some cannot be read.</content>
public sealed partial class SliceStore
{
    // No manifest is larger; what is there instead is for whoever reads it to refuse.
    private const long LookedAtBytes = 64 * 1024 * 1024;

    /// <summary>
    /// The slice created last (where that is not recorded, trained on last); null where there is none. Reads the heads of all and
    /// no more of any but the newest: a manifest of fifty exports has two hundred outputs.
    /// </summary>
    /// <exception cref="HarvestException">The newest cannot be read, or one that does not even say when it was made, and so could be the newest.</exception>
    public SliceManifest? Newest() => Newest(Unreadable());

    /// <summary>The same where those that cannot be read are known.</summary>
    /// <param name="unreadable">See <see cref="Unreadable"/>.</param>
    /// <exception cref="HarvestException">As above.</exception>
    internal SliceManifest? Newest(IReadOnlyList<SliceEntry> unreadable)
    {
        HashSet<string> broken = [.. unreadable.Select(static entry => entry.Version)];
        string? newest = null;
        long latest = long.MinValue;
        foreach (string version in Versions().Where(version => !broken.Contains(version)))
        {
            (SliceHead? head, HarvestException? error) = TryLoadHead(version);
            long time = head is { } known ? known.Time?.UtcTicks ?? 0 : throw error!;
            if (time > latest)
            {
                newest = version;
                latest = time;
            }
        }

        // One that is older cannot be the newest, broken or not.
        if (unreadable.FirstOrDefault(entry => (ManifestTimes.TryRead(entry.Path)?.UtcTicks ?? long.MaxValue) >= latest) is { } possible)
        {
            throw possible.Error!;
        }

        return newest is null ? null : Read(Path.Combine(Folder, newest, FileName), newest);
    }

    /// <summary>The slices whose manifest is broken, in the order of <see cref="Versions"/>, each with its error. Reads heads alone.</summary>
    /// <param name="cancellation">Ends the reading.</param>
    internal IReadOnlyList<SliceEntry> Unreadable(CancellationToken cancellation = default)
    {
        var broken = new List<SliceEntry>();
        foreach (string version in Versions())
        {
            cancellation.ThrowIfCancellationRequested();
            if (TryLoadHead(version).Error is { } error)
            {
                broken.Add(new SliceEntry(version, Path.Combine(Folder, version, FileName), null, error));
            }
        }

        return broken;
    }

    /// <summary>
    /// Whether any manifest may have a member of that name, by its bytes alone. One that cannot be read may have it.
    /// </summary>
    /// <param name="member">The name in quotation marks.</param>
    /// <param name="cancellation">Ends the looking.</param>
    internal bool MayMention(ReadOnlySpan<byte> member, CancellationToken cancellation)
    {
        foreach (string version in Versions())
        {
            cancellation.ThrowIfCancellationRequested();
            try
            {
                string path = Path.Combine(Folder, version, FileName);
                FileKinds.RequireStored(path, "read");
                if (new FileInfo(path) is not { Exists: true, Length: <= LookedAtBytes })
                {
                    return true;
                }

                byte[] bytes = AtomicFile.RentAllBytes(path, out int length);
                try
                {
                    // Spelt with escapes it is the same name.
                    ReadOnlySpan<byte> text = bytes.AsSpan(0, length);
                    if (text.IndexOf(member) >= 0 || text.IndexOf("\\u"u8) >= 0)
                    {
                        return true;
                    }
                }
                finally
                {
                    ArrayPool<byte>.Shared.Return(bytes);
                }
            }
            catch (HarvestException)
            {
                return true;
            }
        }

        return false;
    }
}
