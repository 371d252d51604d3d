using HarvestTools.Archive;
using HarvestTools.Drift;
using HarvestTools.Files;
using HarvestTools.Repositories;
using HarvestTools.Workflows;

namespace HarvestTools.Tests.Workflows;

/// <summary>A program's own files in the archive.</summary>
[Collection(ProgramRepository.Runs)]
public sealed class ProgramArchiveTests : IDisposable
{
    private readonly ProgramRepository _own = new();

    public void Dispose() => _own.Dispose();

    [Fact]
    public void A_file_of_a_program_that_is_at_its_path_is_archived_again()
    {
        _own.New("v1");
        string stored = Stored("harvest.py");
        Remove(stored);

        Assert.Contains("'harvest.py'", Find(ArchiveFindingKind.Missing).Remedy, StringComparison.Ordinal);
        Assert.True(Find(ArchiveFindingKind.Missing, repair: true).Repaired);
        Assert.True(File.Exists(stored));
    }

    [Fact]
    public void One_that_is_there_no_more_is_not_asked_to_be_added_as_an_export()
    {
        _own.New("v1");
        Remove(Stored("harvest.py"));
        _own.Write("harvest.py", "a,b\n1,2\n");

        ArchiveFinding finding = Find(ArchiveFindingKind.Missing, repair: true);

        Assert.False(finding.Repaired);
        Assert.DoesNotContain("repair failed", finding.Message, StringComparison.Ordinal);
        Assert.Contains("put 'harvest.py' back", finding.Remedy, StringComparison.Ordinal);
        Assert.Contains(finding.Fix.Actions, static action => action is RemedyAction.PullSlices);
    }

    [Fact]
    public void A_damaged_one_is_damage_of_the_store_and_set_aside_without_another_word()
    {
        _own.New("v1");
        string stored = Stored("harvest.py");
        File.SetAttributes(stored, FileAttributes.Normal);
        File.WriteAllText(stored, "damaged");

        Repository repository = _own.Repository;
        using (CheckSlice check = new(repository, _own.Context))
        {
            DriftFinding finding = Assert.Single(check.Run(repository.Slices.Load("v1"), quick: false).Findings);
            Assert.Equal((DriftKind.HarvestRedefined, DriftCause.Store, "harvest@v1.0.0"), (finding.Kind, finding.Cause, finding.Subject));
        }

        ArchiveFinding[] repaired = [.. new ArchiveCheck(CheckArchive.Of(_own.Repository)) { Repair = true }.Run()];
        Assert.DoesNotContain(repaired, static finding => finding.Message.Contains("repair failed", StringComparison.Ordinal));
        Assert.All(repaired, static finding => Assert.True(finding.Repaired));
    }

    [Fact]
    public void A_slice_that_is_not_made_leaves_nothing_in_the_archive()
    {
        string[] before = Objects();
        _own.Write("harvest.py", "raise SystemExit(3)\n");
        Assert.Equal("ProgramFailed", Assert.Throws<HarvestException>(() => _own.New("v1")).ErrorId);

        Assert.Equal(before, Objects());
        _own.Write("harvest.py", ProgramRepository.Program);
        _own.New("v1");
        Assert.True(File.Exists(Stored("harvest.py")));
        Assert.Equal(before.Length + 4, Objects().Length);
    }

    [Fact]
    public void Rows_that_cannot_be_read_are_a_notice_and_no_fault()
    {
        _own.Write("harvest.py", ProgramRepository.Program.Replace("writer.writerows(sorted(rows))", "file.write('1,2\\n')", StringComparison.Ordinal));
        NewSliceResult made = _own.New("v1");

        ExportNotice notice = Assert.Single(made.Notices);
        Assert.Equal("TableUnreadable", notice.Id);
        Assert.Contains("'counts.csv'", notice.Message, StringComparison.Ordinal);
        Assert.Null(made.Slice.ProgramOutputs[0].Rows);
    }

    [Fact]
    public void A_changed_program_that_nobody_trusted_is_named_with_how_to_trust_it()
    {
        _own.New("v1");
        _own.Write("harvest.py", ProgramRepository.Program + "# changed\n");

        foreach (bool quick in new[] { true, false })
        {
            Repository repository = _own.Repository;
            using CheckSlice check = new(repository, _own.Context);
            DriftFinding finding = check.Run(repository.Slices.Load("v1"), quick).Findings.Single(static finding => finding.Kind == DriftKind.HarvestRedefined);
            Assert.Contains(finding.Fix.Actions, static action => action is RemedyAction.TrustProgram { Version: null, Definition: null });
            Assert.Equal(!quick, finding.Bump!.ChangeLog.Contains("was not trusted", StringComparison.Ordinal));
        }
    }

    [Fact]
    public void A_list_that_others_can_write_is_named_as_the_reason()
    {
        if (OperatingSystem.IsWindows())
        {
            Assert.Skip("Rights are other ones there.");
            return;
        }

        _own.New("v1");
        string list = Directory.GetFiles(_own.TrustFolder, "*.jsonl").Single();
        File.SetUnixFileMode(list, (UnixFileMode)Convert.ToInt32("666", 8));

        HarvestException fault = Assert.Throws<HarvestException>(() => NewSlice.Run(_own.Repository, new NewSliceRequest("v2"), _own.Context));
        Assert.Equal("ProgramUntrusted", fault.ErrorId);
        Assert.Contains($"'{list}', is not believed", fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void An_unknown_setting_names_each_known_one_once_and_none_that_is_not_to_be_written()
    {
        _own.Define(", \"nonsense\": 1");

        string remedy = Assert.Throws<HarvestException>(() => _own.Repository.Harvest).Remedy!.ToString();
        string[] names = remedy["Use one of: ".Length..].TrimEnd('.').Split(", ");
        Assert.Equal(names.Distinct(), names);
        Assert.Contains("run", names);
        Assert.DoesNotContain("files", names);
        Assert.DoesNotContain("values", names);
    }

    private ArchiveFinding Find(string kind, bool repair = false) =>
        Assert.Single(new ArchiveCheck(CheckArchive.Of(_own.Repository)) { Repair = repair }.Run(), finding => finding.Kind == kind);

    private string Stored(string path) => _own.Repository.Archive.Local.PathOf(FileHash.Compute(Path.Combine(_own.Folder, path)));

    private string[] Objects() => [.. _own.Repository.Archive.Objects.List().Select(static stored => stored.Sha256).Order(StringComparer.Ordinal)];

    private static void Remove(string file)
    {
        File.SetAttributes(file, FileAttributes.Normal);
        File.Delete(file);
    }
}
