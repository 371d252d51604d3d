using System.Text.Json.Nodes;
using HarvestTools.Files;
using HarvestTools.Json;
using HarvestTools.Rules;
using HarvestTools.Strings;

namespace HarvestTools.Manifests;

/// <summary>The folder of slices: <c>&lt;folder&gt;/&lt;version&gt;/slice.json</c>.</summary>
public sealed partial class SliceStore
{
    /// <summary>Name of the record in a slice's folder.</summary>
    public const string FileName = "slice.json";

    /// <summary>The file beside it that spells out the definition the slice was made under.</summary>
    public const string DefinitionFileName = "definition.json";

    private readonly string _locks;
    private readonly KnownManifests _known = new();

    /// <param name="folder">Full path of the slices' folder; it need not exist.</param>
    /// <param name="locks">Full path of the folder for the files by which processes wait for each other.</param>
    internal SliceStore(string folder, string locks)
    {
        Folder = folder;
        _locks = locks;
    }

    /// <summary>The folder that holds one folder a slice, absolute.</summary>
    public string Folder { get; }

    /// <summary>Where the manifest of a version is, or would be.</summary>
    /// <exception cref="HarvestException">SliceVersionInvalid.</exception>
    public string PathOf(string version)
    {
        string? why = SliceNames.WhyNotVersion(version);
        return why is null
            ? Path.Combine(Folder, version, FileName)
            : throw SliceErrors.SliceVersionInvalid(version, why);
    }

    /// <summary>Whether there is a record of this version.</summary>
    public bool Exists(string version) => IsThere(PathOf(version));

    /// <summary>All versions, in an order in which v2 comes before v10. Reads no manifest.</summary>
    public IReadOnlyList<string> Versions()
    {
        try
        {
            var versions = new List<string>();
            if (Directory.Exists(Folder))
            {
                versions.AddRange(Directory.EnumerateDirectories(Folder).Where(IsSlice).Select(static folder => Path.GetFileName(folder)));
            }

            versions.Sort(NaturalOrder.Instance);
            return versions;
        }
        catch (Exception exception) when (FileErrors.IsFileFault(exception))
        {
            throw FileErrors.From(exception, Folder, "list");
        }
    }

    /// <summary>
    /// A folder that has nothing of a slice is none: a process that was killed can leave an empty one. One that cannot be looked
    /// into, or that lost its record alone, is a slice that cannot be read, which is to be said and not passed over.
    /// </summary>
    private static bool IsSlice(string folder)
    {
        if (Path.GetFileName(folder).StartsWith('.'))
        {
            return false;
        }

        if (IsThere(Path.Combine(folder, FileName)) || File.Exists(Path.Combine(folder, DefinitionFileName)))
        {
            return true;
        }

        try
        {
            FileFaults.Before(FileCall.OpenRead, folder);
            _ = Directory.EnumerateFileSystemEntries(folder).Any();
            return false;
        }
        catch (Exception exception) when (FileErrors.IsFileFault(exception))
        {
            return true;
        }
    }

    // Also what cannot be read as a file, a folder or a link that leads nowhere: reading it says what it is.
    private static bool IsThere(string path) => File.Exists(path) || Directory.Exists(path) || new FileInfo(path).LinkTarget is not null;

    /// <summary>
    /// The version that follows another by its numbering and is free, as a folder and on every branch that git knows here, so that
    /// branches can be merged; null goes on from none.
    /// </summary>
    internal string NextFree(string? after) => NextFree(after, AskElsewhere(), out _);

    /// <summary>
    /// Begins to ask git for the versions on all branches, which takes as long as all else that is looked up before a small slice is
    /// derived. The answer is that of the moment.
    /// </summary>
    internal Task<IReadOnlyList<(string Folder, string? Ref)>> AskElsewhere() => Task.Run(() => GitBranches.FoldersWith(Folder, FileName));

    /// <summary>The same, and which versions before it are taken elsewhere.</summary>
    /// <param name="after">The version to go on from; null for none.</param>
    /// <param name="asked">What <see cref="AskElsewhere"/> gave.</param>
    /// <param name="taken">The versions on the way that are no slices here, in their order.</param>
    internal string NextFree(string? after, Task<IReadOnlyList<(string Folder, string? Ref)>> asked, out IReadOnlyList<TakenVersion> taken)
    {
        try
        {
            IEnumerable<string> here = Directory.Exists(Folder) ? Directory.EnumerateFileSystemEntries(Folder).Select(static path => Path.GetFileName(path)) : [];
            IReadOnlyList<(string Folder, string? Ref)> elsewhere = asked.GetAwaiter().GetResult();
            var passed = new List<string>();
            string next = NextVersion.After(after, here.Concat(elsewhere.Select(static found => found.Folder)), passed);
            HashSet<string> slices = new(Versions(), StringComparer.OrdinalIgnoreCase);
            taken =
            [
                .. from version in passed
                   where !slices.Contains(version)
                   let found = elsewhere.Where(found => found.Folder.Equals(version, StringComparison.OrdinalIgnoreCase)).ToArray()
                   select TakenVersion.Of(
                       version,
                       Path.GetFileName(Folder),
                       [.. found.Select(one => GitBranches.RefWith(Folder, $"{one.Folder}/{FileName}", one.Ref))]),
            ];
            return next;
        }
        catch (Exception exception) when (FileErrors.IsFileFault(exception))
        {
            throw FileErrors.From(exception, Folder, "list");
        }
    }

    /// <summary>Where else a version is in use: on a branch that git knows here; empty where it is on none.</summary>
    /// <param name="version">The version.</param>
    /// <param name="asked">What <see cref="AskElsewhere"/> gave.</param>
    internal IReadOnlyList<TakenVersion> TakenElsewhere(string version, Task<IReadOnlyList<(string Folder, string? Ref)>> asked) =>
    [
        .. asked.GetAwaiter().GetResult()
            .Where(found => found.Folder.Equals(version, StringComparison.OrdinalIgnoreCase))
            .Select(found => GitBranches.RefWith(Folder, $"{found.Folder}/{FileName}", found.Ref))
            .OfType<string>()
            .Take(1)
            .Select(name => TakenVersion.Of(version, Path.GetFileName(Folder), [name])),
    ];

    /// <summary>Every slice in the order of <see cref="Versions"/>, read as the caller asks for it; a broken one does not stop the others.</summary>
    /// <param name="cancellation">Ends the reading; a history of ten thousand slices takes a second.</param>
    public IEnumerable<SliceEntry> LoadAll(CancellationToken cancellation = default)
    {
        foreach (string version in Versions())
        {
            cancellation.ThrowIfCancellationRequested();
            yield return TryLoad(version);
        }
    }

    /// <exception cref="HarvestException">SliceNotFound, or what is wrong with the manifest.</exception>
    public SliceManifest Load(string version) => Load(version, CancellationToken.None);

    /// <summary>The same as one of many, which can be stopped between any two.</summary>
    /// <exception cref="HarvestException">SliceNotFound, or what is wrong with the manifest.</exception>
    public SliceManifest Load(string version, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        string path = PathOf(version);
        string folder = Path.GetDirectoryName(path)!;
        if (!Directory.Exists(folder) || !IsSlice(folder))
        {
            throw SliceErrors.SliceNotFound(version, NearestName.Near(version, Versions()));
        }

        return Read(path, version);
    }

    /// <summary>Where the definition of a version is, or would be.</summary>
    /// <exception cref="HarvestException">SliceVersionInvalid.</exception>
    public string DefinitionPathOf(string version) => Path.Combine(Path.GetDirectoryName(PathOf(version))!, DefinitionFileName);

    /// <summary>The definition beside a slice's manifest; null where there is none.</summary>
    /// <param name="version">The slice.</param>
    /// <param name="derivation">What it leaves out has the defaults of this version.</param>
    /// <exception cref="HarvestException">It cannot be read, or its content is at fault; the message names the place.</exception>
    internal HarvestDefinition? TryLoadDefinition(string version, DerivationVersion derivation)
    {
        string path = DefinitionPathOf(version);
        if (!File.Exists(path))
        {
            return null;
        }

        JsonFileText file = JsonFileText.LoadStored(path);
        JsonObject json = file.ParseObject();
        try
        {
            return HarvestDefinition.Parse(json, derivation);
        }
        catch (HarvestException fault)
        {
            throw JsonDocumentErrors.At(fault, file.File, file.FindKey("rules", fault.Subject as string));
        }
    }

    /// <summary>What the order of a history needs to know of a slice, or why its manifest cannot be read.</summary>
    internal (SliceHead? Head, HarvestException? Error) TryLoadHead(string version)
    {
        string path = Path.Combine(Folder, version, FileName);
        try
        {
            return SliceHead.TryParse(JsonFileText.LoadStored(path).Text) is { } head && head.Version == version
                ? (head, null)
                : (SliceHead.Of(Read(path, version)), null);
        }
        catch (HarvestException error)
        {
            // Of a record that is gone it says more.
            return (null, TryLoad(version).Error ?? error);
        }
    }

    private SliceManifest Read(string path, string version)
    {
        if (!IsThere(path) && Path.GetDirectoryName(path) is { } folder && File.Exists(Path.Combine(folder, DefinitionFileName)))
        {
            throw SliceErrors.SliceRecordMissing(folder, version, $"{Path.GetFileName(Path.GetDirectoryName(folder))}/{version}/{FileName}");
        }

        SliceManifest manifest = _known.Load(path, DateTimeOffset.UtcNow);
        return manifest.Version == version ? manifest : throw SliceErrors.SliceVersionMismatch(path, manifest.Version, version);
    }

    /// <summary>One of <see cref="Versions"/>.</summary>
    internal SliceEntry TryLoad(string version)
    {
        string path = Path.Combine(Folder, version, FileName);
        try
        {
            return new SliceEntry(version, path, Read(path, version), null);
        }
        catch (HarvestException error)
        {
            return new SliceEntry(version, path, null, error);
        }
    }
}
