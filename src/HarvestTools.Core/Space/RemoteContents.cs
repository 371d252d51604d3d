using HarvestTools.Archive;
using HarvestTools.Json;
using HarvestTools.Packs;
using HarvestTools.Remotes;

namespace HarvestTools.Space;

/// <summary>What one hash has in a remote: an object, its pack, records of an export, or tables under their key.</summary>
/// <param name="Sha256">The hash or key.</param>
internal sealed record RemoteThing(string Sha256)
{
    /// <summary>Its files.</summary>
    public List<RemoteFile> Files { get; } = [];

    /// <summary>What it is, as far as its files say.</summary>
    public string What { get; set; } = "object that nothing names";

    public long Bytes => Files.Sum(static file => file.Bytes);

    /// <summary>Its pack; null where it has none.</summary>
    public RemoteFile? Pack => Files.Find(static file => file.Path.StartsWith(PackFolder.FolderName + "/", StringComparison.Ordinal));
}

/// <summary>
/// Everything in a remote that pushes put there under a hash. What has another name, or is in another folder, is somebody else's and is no part
/// of it.
/// </summary>
/// <param name="remote">The remote.</param>
/// <param name="cancellation">Ends the reading.</param>
internal sealed class RemoteContents(Remote remote, CancellationToken cancellation)
{
    private readonly SortedDictionary<string, RemoteThing> _things = new(StringComparer.Ordinal);

    /// <summary>By hash.</summary>
    public IReadOnlyDictionary<string, RemoteThing> Things => _things;

    /// <summary>Lists it.</summary>
    /// <exception cref="HarvestException">The remote cannot be listed: what is there is not known then.</exception>
    public void Read()
    {
        foreach (RemoteFile file in remote.Files.List("sha256/", cancellation))
        {
            string name = NameOf(file.Path);
            if (Sha256Text.IsNormal(name) && file.Path == RemoteObjectStore.PathOf(name))
            {
                Add(name, file);
            }
        }

        foreach (RemoteFile file in remote.Files.List(PackFolder.FolderName + "/", cancellation))
        {
            string name = Path.GetFileNameWithoutExtension(NameOf(file.Path));
            if (Sha256Text.IsNormal(name) && file.Path == RemoteObjectStore.PackPathOf(name))
            {
                Add(name, file).What = "packed export";
            }
        }

        foreach (RemoteFile file in remote.Files.List("exports/", cancellation))
        {
            string stem = Path.GetFileNameWithoutExtension(file.Path["exports/".Length..]);
            if (file.Path == $"exports/{stem}.json" && ExportArchive.IsRecordName(stem))
            {
                Add(stem[^Sha256Text.Length..], file).What = $"export of project {stem[..^(Sha256Text.Length + 1)]}";
            }
        }

        foreach (RemoteFile file in new[] { "parts/", "tables/" }.SelectMany(folder => remote.Files.List(folder, cancellation)))
        {
            string[] names = file.Path.Split('/', 3);
            if (names.Length == 3 && Sha256Text.IsNormal(names[1]))
            {
                Add(names[1], file).What = names[0] == "parts" ? "tables of an export" : "tables of a slice";
            }
        }
    }

    /// <summary>Of each object that is packed as a patch, what it is a patch against.</summary>
    /// <exception cref="HarvestException">RemoteObjectDamaged: what a pack needs is not known.</exception>
    public IReadOnlyDictionary<string, string> Anchors()
    {
        RemoteThing[] packed = [.. _things.Values.Where(static thing => thing.Pack is not null)];
        var anchors = new string?[packed.Length];
        remote.Objects.RunAtOnce(packed.Length, i => anchors[i] = remote.Objects.AnchorOf(packed[i].Sha256, packed[i].Pack!, cancellation), cancellation);
        return packed.Zip(anchors).Where(static pair => pair.Second is not null).ToDictionary(static pair => pair.First.Sha256, static pair => pair.Second!, StringComparer.Ordinal);
    }

    private static string NameOf(string path) => path[(path.LastIndexOf('/') + 1)..];

    private RemoteThing Add(string sha256, RemoteFile file)
    {
        if (!_things.TryGetValue(sha256, out RemoteThing? thing))
        {
            _things.Add(sha256, thing = new RemoteThing(sha256));
        }

        thing.Files.Add(file);
        return thing;
    }
}
