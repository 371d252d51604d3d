using System.Text.Json.Nodes;
using HarvestTools.Files;
using HarvestTools.Manifests;
using HarvestTools.Remotes;
using HarvestTools.Tests.Files;

namespace HarvestTools.Tests.Faults;

/// <summary>Which of the made repositories.</summary>
internal enum FlippedRepository
{
    Loose,
    Packed,
}

/// <summary>One kind of file of a repository.</summary>
/// <param name="Name">As the table of docs/reliability.md has it.</param>
/// <param name="Pattern">Which files, relative to the repository: a path whose last part may hold <c>*</c>.</param>
/// <param name="Why">
/// Of what was written and what the flip made of it: why the flip is without consequence; null where it has one.
/// </param>
internal sealed record DamagedKind(string Name, string Pattern, Func<byte[], byte[], string?> Why)
{
    /// <summary>Where such files are.</summary>
    public FlippedRepository In { get; init; }

    public static IReadOnlyList<DamagedKind> All { get; } =
    [
        new("archived export", ".harvest/archive/sha256/**", None),
        new("export record", ".harvest/archive/exports/*.json", SameJson),
        new("`slice.json`", "slices/*/slice.json", SameSlice),
        new("`definition.json` of a slice", "slices/*/definition.json", SameJson),
        new("`harvest.json`", "harvest.json", SameRules),
        new("what a repository needs of the archive", ".harvest/archive/repositories/*.json", SealName),
        new("`production.jsonl`", "production.jsonl", SameModel),
        new("eval set", "eval.csv", None),
        new("registered model file", "model.bin", None),
        new("export file that was added", "exports/*.json", None),
        new("`part.json` of the cache", ".harvest/cache/parts/*/part.json", None),
        new("Parquet file of a part", ".harvest/cache/parts/*/*.parquet", None),
        new("list of who made a part's annotations", ".harvest/cache/parts/*/people.index", None),
        new("Parquet file of a slice", ".harvest/cache/slice/**.parquet", None),
        new("list of an export's tasks", ".harvest/cache/tasks/*", None),
        new("`stat-cache.txt`", ".harvest/cache/stat-cache.txt", NotBelieved),
        new("lock", ".harvest/locks/*", static (_, _) => "nothing reads what is in a lock"),
        new("`.gitignore` of the store", ".harvest/.gitignore", static (_, _) => "git alone reads it, and the archive is checked without it"),
        new("report", "report.html", static (_, _) => "nothing reads it, and `report` writes it whole each time"),
        new("pack", ".harvest/archive/packs/**", None) { In = FlippedRepository.Packed },
        new("definition, or list of media", ".harvest/archive/sha256/**", None) { In = FlippedRepository.Packed },
        new("medium", "raw/*", None) { In = FlippedRepository.Packed },
        new("export that waits to be removed", ".harvest/archive/unreachable/**", None) { In = FlippedRepository.Packed },
        new("`removed.jsonl`", ".harvest/archive/removed.jsonl", None) { In = FlippedRepository.Packed },
        new("object of a remote", "share/sha256/**", None) { In = FlippedRepository.Packed },
        new("pack of a remote", "share/packs/**", None) { In = FlippedRepository.Packed },
        new("export record of a remote", "share/exports/*.json", None) { In = FlippedRepository.Packed },
        new("tables of a remote", "share/parts/**", None) { In = FlippedRepository.Packed },
        new("registration of a repository in a remote", "share/registry/*.json", NoRegistration) { In = FlippedRepository.Packed },
        new("`repository.json`", ".harvest/repository.json", OtherId) { In = FlippedRepository.Packed },
    ];

    private static string? None(byte[] written, byte[] flipped) => null;

    private static string? SameJson(byte[] written, byte[] flipped)
    {
        try
        {
            JsonNode before = JsonNode.Parse(written)!;
            JsonNode after = JsonNode.Parse(flipped)!;
            return JsonNode.DeepEquals(before, after) ? "white space, or another spelling of the same value"
                : JsonNode.DeepEquals(WithoutEmpty(before), WithoutEmpty(after)) ? "the name of a member that holds nothing, which says what its absence says"
                : null;
        }
        catch (System.Text.Json.JsonException)
        {
            return null;
        }
    }

    private static string? SameSlice(byte[] written, byte[] flipped) =>
        SameJson(written, flipped) ?? (Read(written).SequenceEqual(Read(flipped)) ? "a digit of a hash as a capital, which reads as the same hash" : null);

    private static string? SameModel(byte[] written, byte[] flipped)
    {
        if (SameJson(written, flipped) is { } why)
        {
            return why;
        }

        JsonNode before = JsonNode.Parse(written)!;
        JsonNode after = JsonNode.Parse(flipped)!;
        after["sha256"] = after["sha256"]?.GetValue<string>().ToLowerInvariant();
        return JsonNode.DeepEquals(before, after) ? "a digit of a hash as a capital, which reads as the same hash" : null;
    }

    private static byte[] Read(byte[] slice)
    {
        using var folder = new TemporaryFolder();
        File.WriteAllBytes(folder["slice.json"], slice);
        try
        {
            return SliceManifest.Load(folder["slice.json"]).ToUtf8Bytes();
        }
        catch (HarvestException)
        {
            return [];
        }
    }

    /// <summary>Settings are the team's to change, so that no value among those allowed is wrong; rules have a version.</summary>
    private static string? SameRules(byte[] written, byte[] flipped) =>
        SameJson(written, flipped) ?? (JsonNode.DeepEquals(JsonNode.Parse(written)!["harvest"], JsonNode.Parse(flipped)!["harvest"])
            ? "a setting, none of the rules, with another value that is allowed: as if it was edited, which `git diff` shows"
            : null);

    /// <summary>The digest under another name vouches for nothing, and the one bit was in that name.</summary>
    private static string? SealName(byte[] written, byte[] flipped)
    {
        JsonObject? after = null;
        try
        {
            after = JsonNode.Parse(flipped)!.AsObject();
        }
        catch (System.Text.Json.JsonException)
        {
            // Found, or not without consequence.
        }

        return SameJson(written, flipped) ?? (after?.Count(static member => member.Key is "path" or "declared_at" or "objects") == 3 && !after.ContainsKey("record_sha256")
            ? "the name of the digest, all else is as it was written" : null);
    }

    /// <summary>What a repository needs of a remote is known, or nothing is removed there.</summary>
    private static string? NoRegistration(byte[] written, byte[] flipped)
    {
        using var folder = new TemporaryFolder();
        string path = RemoteRegistry.PathOf(JsonNode.Parse(written)!["id"]!.GetValue<string>());
        using var remote = new FolderFiles(folder.Path);
        folder.Write(path, System.Text.Encoding.UTF8.GetString(written));
        RegisteredAtRemote right = Assert.Single(RemoteRegistry.All(remote, [], default));
        File.WriteAllBytes(folder[path], flipped);
        try
        {
            return right.SaysTheSameAs(Assert.Single(RemoteRegistry.All(remote, [], default))) ? "what is needed is as it was written" : null;
        }
        catch (HarvestException fault) when (fault.ErrorId == nameof(RemoteErrors.RemoteRegistryUnreadable))
        {
            return "not believed: nothing is removed from the remote until the repository's next push has written it again";
        }
    }

    /// <summary>A repository with another id needs what it needs, besides what the former one does.</summary>
    private static string? OtherId(byte[] written, byte[] flipped) => "at most another id, under which the repository says in remotes what it needs: what the former one keeps there is kept";

    private static JsonNode WithoutEmpty(JsonNode node)
    {
        if (node is JsonObject members)
        {
            foreach (string name in members.Where(static member => member.Value is null or JsonObject { Count: 0 } or JsonArray { Count: 0 })
                .Select(static member => member.Key).ToList())
            {
                members.Remove(name);
            }
        }

        return node;
    }

    /// <summary>A hash that is believed is written again with the next; of the flipped file none is.</summary>
    private static string? NotBelieved(byte[] written, byte[] flipped)
    {
        using var folder = new TemporaryFolder();
        Assert.True(LinesSavedAgain(folder, written) > 2, "what was written is not believed either");
        return LinesSavedAgain(folder, flipped) == 2 ? "its first line is the digest of the others, so that nothing of it is believed" : null;
    }

    private static int LinesSavedAgain(TemporaryFolder folder, byte[] bytes)
    {
        File.WriteAllBytes(folder["stat-cache.txt"], bytes);
        var cache = StatCache.Open(folder["stat-cache.txt"], trusted: true);
        cache.Written(folder.Write("file", "x"), new string('a', 64));
        cache.Save();
        return File.ReadAllLines(folder["stat-cache.txt"]).Length;
    }
}
