using System.Globalization;
using System.Security.Cryptography;
using System.Text.Json.Nodes;

namespace HarvestTools.Benchmarks.WholeProcess;

/// <summary>
/// Pushing and pulling objects against <c>rclone copy</c> of the same files with as many transfers: to a folder, and to an S3 server where one is
/// named (<c>--s3 ADDRESS</c>, with the bucket <c>bench</c> there and credentials in the environment).
/// </summary>
internal sealed class Transfers(string work, Peers peers, Report report, int runs, string? s3)
{
    private const int AtOnce = 8;

    public void Run()
    {
        foreach ((int count, int megabytes) in new[] { (1000, 1), (5, 200) })
        {
            string repository = Make(string.Create(CultureInfo.InvariantCulture, $"transfer-{count}"), count, megabytes * 1_000_000);
            report.Section(string.Create(CultureInfo.InvariantCulture, $"{count} objects of {megabytes} MB, {AtOnce} transfers"));
            Compare(repository, "a folder", remote => Path.Combine(work, "remote", remote), remote => Path.Combine(work, "remote", remote), static folder =>
            {
                if (Directory.Exists(folder))
                {
                    Directory.Delete(folder, recursive: true);
                }

                Directory.CreateDirectory(folder);
            });
            if (s3 is not null)
            {
                int run = 0;
                Compare(
                    repository,
                    "S3",
                    name => string.Create(CultureInfo.InvariantCulture, $"s3://bench/{count}/{name}-{run}"),
                    name => string.Create(CultureInfo.InvariantCulture, $":s3,provider=Other,env_auth=true,force_path_style=true,endpoint='{s3}':bench/{count}/{name}-{run}"),
                    _ => run++);
            }
        }

        string many = Make("transfer-many", 10_000, 1000);
        string target = Path.Combine(work, "remote", "many");
        Directory.CreateDirectory(target);
        SetRemote(many, target);
        Harvest(many, "push", "-q");
        ProcessRun nothing = ProcessRun.Medians(runs, () => Harvest(many, "push", "-q"))[0];
        report.Section("10,000 objects in a folder, nothing to push");
        report.Row("harvest push", nothing);
        report.Ratio("seconds", nothing.Seconds, "at most 2");
    }

    private void Compare(string repository, string kind, Func<string, string> ours, Func<string, string> theirs, Action<string> empty)
    {
        string objects = Path.Combine(repository, ".harvest", "archive", "sha256");
        string pulled = Path.Combine(work, "pulled");
        bool rclone = Peers.Find("rclone") is not null;
        List<Func<ProcessRun>> cases =
        [
            () =>
            {
                empty(ours("ours"));
                SetRemote(repository, ours("ours"));
                return Harvest(repository, "push", "-q");
            },
            () =>
            {
                Clone(repository, pulled);
                return Harvest(pulled, "pull", "-q");
            },
        ];
        if (rclone)
        {
            cases.Add(() =>
            {
                empty(ours("theirs"));
                return Rclone(objects, theirs("theirs"));
            });
            cases.Add(() =>
            {
                Clear(pulled);
                return Rclone(theirs("theirs"), pulled);
            });
        }

        ProcessRun[] medians = ProcessRun.Medians(runs, [.. cases]);
        report.Row($"harvest push to {kind}", medians[0]);
        report.Row($"harvest pull from {kind}", medians[1]);
        if (!rclone)
        {
            report.Note("rclone is not installed.");
            return;
        }

        report.Row($"rclone copy to {kind}", medians[2]);
        report.Row($"rclone copy from {kind}", medians[3]);
        report.Ratio($"push to {kind} against rclone, wall", medians[0].Seconds / medians[2].Seconds, "at most 1.2");
        report.Ratio($"pull from {kind} against rclone, wall", medians[1].Seconds / medians[3].Seconds, "at most 1.2");
    }

    private ProcessRun Rclone(string from, string to) => ProcessRun.Of(work, "rclone", "copy", from, to, "--transfers", AtOnce.ToString(CultureInfo.InvariantCulture), "--checkers", "8", "-q");

    private ProcessRun Harvest(string folder, params string[] arguments) => ProcessRun.Of(folder, peers.Harvest, arguments);

    private static void Clear(string folder)
    {
        if (Directory.Exists(folder))
        {
            Directory.Delete(folder, recursive: true);
        }

        Directory.CreateDirectory(folder);
    }

    private static void Clone(string repository, string to)
    {
        Clear(to);
        File.Copy(Path.Combine(repository, "harvest.json"), Path.Combine(to, "harvest.json"));
        Directory.CreateDirectory(Path.Combine(to, "slices", "v1"));
        File.Copy(Path.Combine(repository, "slices", "v1", "slice.json"), Path.Combine(to, "slices", "v1", "slice.json"));
    }

    private static void SetRemote(string repository, string url)
    {
        string path = Path.Combine(repository, "harvest.json");
        JsonNode settings = JsonNode.Parse(File.ReadAllText(path))!;
        settings["remotes"] = new JsonObject { ["origin"] = url };
        File.WriteAllText(path, settings.ToJsonString());
    }

    /// <summary>A repository whose one slice names objects of random bytes: a transfer looks into none of them.</summary>
    private string Make(string name, int count, int bytes)
    {
        string repository = Path.Combine(work, name);
        Clear(repository);
        Harvest(repository, "init", "-q");
        var exports = new JsonArray();
        var random = new Random(count);
        var content = new byte[bytes];
        for (int i = 0; i < count; i++)
        {
            random.NextBytes(content);
            string sha256 = Convert.ToHexStringLower(SHA256.HashData(content));
            string folder = Path.Combine(repository, ".harvest", "archive", "sha256", sha256[..2]);
            Directory.CreateDirectory(folder);
            File.WriteAllBytes(Path.Combine(folder, sha256), content);
            exports.Add((JsonNode)new JsonObject { ["project"] = "p", ["sha256"] = sha256, ["path"] = string.Create(CultureInfo.InvariantCulture, $"exports/{i}.json") });
        }

        var slice = new JsonObject { ["slice_version"] = "v1", ["exports"] = exports, ["harvest_version"] = "harvest@v1.0.0" };
        Directory.CreateDirectory(Path.Combine(repository, "slices", "v1"));
        File.WriteAllText(Path.Combine(repository, "slices", "v1", "slice.json"), slice.ToJsonString());
        return repository;
    }
}
