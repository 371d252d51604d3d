using HarvestTools.Archive;
using HarvestTools.Json;
using HarvestTools.Media;
using HarvestTools.Remotes;
using HarvestTools.Strings;

namespace HarvestTools.Space;

/// <summary>What of a remote may go, and what keeps the rest.</summary>
internal sealed class RemoteLook
{
    private readonly Dictionary<string, DateTimeOffset> _since = new(StringComparer.Ordinal);
    private readonly HashSet<string> _due = new(StringComparer.Ordinal);

    private RemoteLook(RemoteContents contents)
    {
        Contents = contents;
    }

    /// <summary>What is there.</summary>
    public RemoteContents Contents { get; }

    /// <summary>What is needed, and by what.</summary>
    public ReachableObjects Needed { get; } = new();

    /// <summary>The repositories that need something, that which asks included.</summary>
    public IReadOnlyList<RegisteredAtRemote> Repositories { get; private set; } = [];

    /// <summary>What each packed object is a patch against.</summary>
    public IReadOnlyDictionary<string, string> Anchors { get; private set; } = new Dictionary<string, string>(StringComparer.Ordinal);

    /// <summary>Leases of pushes that were killed long ago.</summary>
    public IReadOnlyList<string> ExpiredLeases { get; private set; } = [];

    /// <summary>What nothing needs and nothing needed for long enough.</summary>
    public IReadOnlySet<string> Due => _due;

    /// <summary>What nothing needs.</summary>
    public IEnumerable<RemoteThing> Unneeded => Contents.Things.Values.Where(thing => !Needed.Contains(thing.Sha256));

    /// <summary>Since when nothing needs it, as far as was looked; null where that was not seen before.</summary>
    public DateTimeOffset? SinceOf(string sha256) => _since.TryGetValue(sha256, out DateTimeOffset since) ? since : null;

    /// <summary>Looks. Leases are read first, then the registry, then what is there: a push that ends in between has said by then what it needs.</summary>
    /// <param name="remote">The remote.</param>
    /// <param name="own">What the repository that asks needs.</param>
    /// <param name="reasons">The same with its reasons.</param>
    /// <param name="forgotten">Ids of repositories that are gone for good.</param>
    /// <param name="local">An archive of this machine, in which lists of media may be too.</param>
    /// <param name="grace">For how long something is not needed before it goes.</param>
    /// <param name="now">The present time.</param>
    /// <param name="cancellation">Ends the look.</param>
    /// <exception cref="HarvestException">What is needed is not known: RemoteRegistryUnreadable, RemoteNoteUnreadable, RemoteReachUnknown, RemoteObjectDamaged; the remote cannot be read.</exception>
    public static RemoteLook At(
        Remote remote, RegisteredAtRemote own, ReachableObjects reasons, IReadOnlyCollection<string> forgotten, IObjectSource? local, TimeSpan grace, DateTimeOffset now,
        CancellationToken cancellation)
    {
        var look = new RemoteLook(new RemoteContents(remote, cancellation));
        look.AddLeases(RemoteLeases.Of(remote.Files, now, out IReadOnlyList<string> expired, cancellation));
        look.ExpiredLeases = expired;
        look.AddRepositories(remote, own, reasons, RemoteRegistry.All(remote.Files, [.. forgotten, own.Id], cancellation), local, cancellation);
        foreach (RemoteFile file in remote.Files.List(LfsFolder, cancellation))
        {
            look.Needed.Add(file.Path[LfsFolder.Length..], "file of git-lfs", "it was pushed by git-lfs");
        }

        IReadOnlyDictionary<string, RemoteCandidate> candidates = RemoteCandidates.Of(remote.Files, cancellation);
        look.Contents.Read();
        look.AddAnchors();
        look.FindDue(candidates, grace, now);
        return look;
    }

    /// <summary>Files of git-lfs that were sent there, one small file each, by name: pointers to them are in git's history for good.</summary>
    public const string LfsFolder = "lfs/";

    private void AddLeases(IEnumerable<RemoteLease> leases)
    {
        foreach (RemoteLease lease in leases)
        {
            foreach (string sha256 in lease.Objects)
            {
                Needed.Add(sha256, "object", $"a push that began on {Figures.Time(lease.Begun.Instant)}");
            }
        }
    }

    private void AddRepositories(
        Remote remote, RegisteredAtRemote own, ReachableObjects reasons, IReadOnlyList<RegisteredAtRemote> others, IObjectSource? local, CancellationToken cancellation)
    {

        // A slice still names what was erased here, and needs it no more.
        Needed.Add(reasons, own.Objects);
        Repositories = [own, .. others];
        var lists = new HashSet<string>(StringComparer.Ordinal);
        foreach (RegisteredAtRemote one in Repositories)
        {
            if (one.Incomplete is { } why)
            {
                throw SpaceErrors.RemoteReachUnknown(remote.Name, remote.Files.Name, one.Name, one.Id, why);
            }

            string reason = one == own ? "a slice of this repository" : $"repository '{one.Name}' ({one.Id}), which said so on {Figures.Date(one.DeclaredAt.Instant)}";
            foreach (string sha256 in one.Objects.Concat(one.Tables.Values.SelectMany(static parts => parts)))
            {
                // Of its own objects better reasons are known; keys of tables have no other.
                if (one != own || !Needed.Contains(sha256))
                {
                    Needed.Add(sha256, "object", reason);
                }
            }

            foreach (string list in one.MediaLists.Where(lists.Add))
            {
                AddMedia(remote, one, list, reason, local, cancellation);
            }
        }
    }

    private void AddMedia(Remote remote, RegisteredAtRemote one, string list, string reason, IObjectSource? local, CancellationToken cancellation)
    {
        using ObjectContent content = local?.TryOpen(list, cancellation) ?? new VerifyingSource(remote.Objects).TryOpen(list, cancellation)
            ?? throw SpaceErrors.RemoteReachUnknown(remote.Name, remote.Files.Name, one.Name, one.Id, $"its list of media {Figures.ShortHash(list)} is not there");
        string name = $"the media list {Figures.ShortHash(list)}";
        foreach (MediaEntry entry in MediaList.Parse(content.ToArray(name), name).Entries)
        {
            if (entry.Sha256 is { } sha256)
            {
                Needed.Add(sha256, $"medium {PlainText.OneLine(entry.Link)}", reason);
            }
        }
    }

    /// <summary>An anchor is needed while a patch against it is.</summary>
    private void AddAnchors()
    {
        if (!Unneeded.Any())
        {
            return;
        }

        Anchors = Contents.Anchors();
        foreach ((string patch, string anchor) in Anchors.Where(pair => Needed.Contains(pair.Key)).ToList())
        {
            // What it is a patch against may be a patch itself, where machines packed differently.
            for ((string of, string? by) = (patch, anchor); by is not null; (of, by) = (by, Anchors.GetValueOrDefault(by)))
            {
                bool known = Needed.Contains(by);
                Needed.Add(by, "anchor of packed exports", $"the packed export {Figures.ShortHash(of)} is a patch against it");
                if (known)
                {
                    break;
                }
            }
        }
    }

    private void FindDue(IReadOnlyDictionary<string, RemoteCandidate> candidates, TimeSpan grace, DateTimeOffset now)
    {
        foreach (RemoteThing thing in Unneeded)
        {
            // What was put there again in between is as new as that.
            if (thing.Files.TrueForAll(file => candidates.TryGetValue(file.Path, out RemoteCandidate? one) && one.IsOf(file)))
            {
                DateTimeOffset since = thing.Files.Max(file => candidates[file.Path].Since.Instant);
                _since[thing.Sha256] = since;
                if (now - since >= grace)
                {
                    _due.Add(thing.Sha256);
                }
            }
        }

        // A patch without its anchor is no export any more, and a push would take it for one that is there.
        foreach ((string patch, string anchor) in Anchors)
        {
            for (string? by = _due.Contains(patch) ? null : anchor; by is not null && _due.Remove(by); by = Anchors.GetValueOrDefault(by))
            {
                // And what that is a patch against.
            }
        }
    }

    /// <summary>What is to be looked at again, each file with when it was first not needed.</summary>
    /// <param name="now">The present time.</param>
    /// <param name="without">What was removed.</param>
    public IEnumerable<KeyValuePair<string, RemoteCandidate>> Candidates(DateTimeOffset now, IReadOnlySet<string> without) =>
        from thing in Unneeded
        where !without.Contains(thing.Sha256)
        let since = Timestamp.From(SinceOf(thing.Sha256) ?? now)
        from file in thing.Files
        select KeyValuePair.Create(file.Path, new RemoteCandidate(since, file.Bytes, file.Tag));
}
