using System.Globalization;
using System.Text.Json.Nodes;

namespace HarvestTools.Benchmarks.WholeProcess;

/// <summary>
/// Pushing and pulling objects against <c>rclone copy</c> of the same files with as many transfers: to a folder, and to each S3 server that
/// is named (<c>--s3 NAME=ADDRESS,…</c>, with the bucket <c>bench</c> there and credentials in the environment); then git-lfs, and
/// a push that has nothing to do. What cannot be measured is named and left out.
/// </summary>
internal sealed class Transfers(string work, Peers peers, Report report, int runs, string sets, string s3, string kinds)
{
    /// <summary>What is measured where nobody says.</summary>
    public const string AllKinds = "folder,s3,lfs,nothing";

    private const int AtOnce = 8;
    private const string Limit = "at most 1.2";

    private readonly bool _rclone = Peers.Find("rclone") is not null;

    public void Run()
    {
        if (!_rclone)
        {
            report.Note("Skipped: everything against rclone, which is not installed.");
        }

        if (kinds != AllKinds)
        {
            report.Note($"Asked for {kinds} alone, of {AllKinds}.");
        }

        if (s3.Length == 0 && Asked("s3"))
        {
            report.Note("Skipped: S3, of which no server is named (--s3 NAME=ADDRESS).");
        }

        foreach ((int count, int megabytes) in Sets())
        {
            string title = string.Create(CultureInfo.InvariantCulture, $"{count} objects of {megabytes} MB, {AtOnce} transfers");
            TransferRepository repository = TransferRepository.Make(peers.Harvest, Path.Combine(work, string.Create(CultureInfo.InvariantCulture, $"transfer-{count}")), count, megabytes * 1_000_000);
            report.Section(title);
            if (Asked("folder"))
            {
                Try("a folder", () => OfFolder(repository));
            }

            foreach (string server in !Asked("s3") ? [] : s3.Split(',', StringSplitOptions.RemoveEmptyEntries))
            {
                string[] parts = server.Split('=', 2);
                Try(parts[0], () => OfServer(repository, parts[0], parts[^1], count));
            }

            Directory.Delete(repository.Folder, recursive: true);
        }

        if (Asked("lfs"))
        {
            Try("git-lfs", () => new LfsTransfers(work, peers, report, runs).Run());
        }

        if (Asked("nothing"))
        {
            Try("nothing to push", NothingToPush);
        }
    }

    private bool Asked(string kind) => kinds.Split(',').Contains(kind, StringComparer.Ordinal);

    private IEnumerable<(int Count, int Megabytes)> Sets() => sets.Split(',', StringSplitOptions.RemoveEmptyEntries)
        .Select(static set => set.Split('x'))
        .Select(static set => (int.Parse(set[0], CultureInfo.InvariantCulture), int.Parse(set[1], CultureInfo.InvariantCulture)));

    /// <summary>One that fails is named, with why, and the others are measured all the same.</summary>
    private void Try(string what, Action measure)
    {
        try
        {
            measure();
        }
        catch (Exception fault) when (fault is InvalidOperationException or IOException or UnauthorizedAccessException or System.ComponentModel.Win32Exception)
        {
            report.Note($"Skipped: {what}. {fault.Message}");
        }
    }

    private void OfFolder(TransferRepository repository)
    {
        string ours = Path.Combine(work, "remote", "ours");
        string theirs = Path.Combine(work, "remote", "theirs");
        repository.SetRemote(ours);
        Compare(repository, "a folder", () => TransferRepository.Clear(ours), theirs, () => TransferRepository.Clear(theirs));
        Directory.Delete(Path.Combine(work, "remote"), recursive: true);
    }

    private void OfServer(TransferRepository repository, string name, string address, int count)
    {
        string place = string.Create(CultureInfo.InvariantCulture, $"{count}");
        string Rclone(string folder) => $":s3,provider=Other,env_auth=true,force_path_style=true,no_check_bucket=true,endpoint='{address}':bench/{place}/{folder}";
        repository.SetRemote(new JsonObject { ["url"] = $"s3://bench/{place}/ours", ["endpoint"] = address });
        Compare(repository, name, () => Purge(Rclone("ours")), Rclone("theirs"), () => Purge(Rclone("theirs")));
        Purge(Rclone("ours"));
        Purge(Rclone("theirs"));
    }

    private void Compare(TransferRepository repository, string kind, Action empty, string theirs, Action emptyTheirs)
    {
        string pulled = Path.Combine(work, "pulled");
        List<Func<ProcessRun>> cases =
        [
            () =>
            {
                empty();
                return repository.Harvest("push", "-q");
            },
            () => repository.CloneTo(pulled).Harvest("pull", "-q"),
        ];
        if (_rclone)
        {
            cases.Add(() =>
            {
                emptyTheirs();
                return Copy(repository.Objects, theirs);
            });
            cases.Add(() =>
            {
                TransferRepository.Clear(pulled);
                return Copy(theirs, pulled);
            });
        }

        ProcessRun[] medians = ProcessRun.Medians(runs, [.. cases]);
        report.Row($"harvest push to {kind}", medians[0]);
        report.Row($"harvest pull from {kind}", medians[1]);
        if (_rclone)
        {
            report.Row($"rclone copy to {kind}", medians[2]);
            report.Row($"rclone copy from {kind}", medians[3]);
            report.Ratio($"push to {kind} against rclone, wall", medians[0].Seconds / medians[2].Seconds, Limit);
            report.Ratio($"pull from {kind} against rclone, wall", medians[1].Seconds / medians[3].Seconds, Limit);
        }

        report.Ratio($"peak MB of push and pull, {kind}", Math.Max(medians[0].PeakMegabytes ?? 0, medians[1].PeakMegabytes ?? 0), "at most 200");
    }

    private void NothingToPush()
    {
        TransferRepository many = TransferRepository.Make(peers.Harvest, Path.Combine(work, "transfer-many"), 10_000, 1000);
        string target = Path.Combine(work, "remote", "many");
        TransferRepository.Clear(target);
        many.SetRemote(target);
        many.Harvest("push", "-q");
        ProcessRun nothing = ProcessRun.Medians(runs, () => many.Harvest("push", "-q"))[0];
        report.Section("10,000 objects in a folder, nothing to push");
        report.Row("harvest push", nothing);
        report.Ratio("seconds", nothing.Seconds, "at most 2");
        Directory.Delete(target, recursive: true);
        Directory.Delete(many.Folder, recursive: true);
    }

    private ProcessRun Copy(string from, string to) =>
        ProcessRun.Of(work, "rclone", "copy", from, to, "--transfers", AtOnce.ToString(CultureInfo.InvariantCulture), "--checkers", AtOnce.ToString(CultureInfo.InvariantCulture), "-q");

    private void Purge(string what)
    {
        try
        {
            ProcessRun.Of(work, "rclone", "purge", what, "-q");
        }
        catch (Exception nothing) when (nothing is InvalidOperationException or System.ComponentModel.Win32Exception)
        {
            // Nothing is there, or no rclone is: then each run finds what the one before put there, and the figures show it.
        }
    }
}
