using HarvestTools.Drift;
using HarvestTools.Manifests;
using HarvestTools.Rules;
using HarvestTools.Workflows;

namespace HarvestTools.Tests.Workflows;

/// <summary>What the check finds of the harvest rules: a version that names two definitions, and the version to write instead.</summary>
public sealed class DriftOfRulesTests : DriftFixture
{
    [Fact]
    public void A_rule_changed_without_a_new_version_is_named_even_by_the_quick_check()
    {
        HarvestSettings settings = Temporary.Repository.Settings;
        (settings with { Harvest = settings.Harvest with { Rules = settings.Harvest.Rules with { BoundaryWeight = 0.25 } } })
            .Write(Temporary.Repository.SettingsPath);

        OnlyFinding(DriftKind.HarvestRedefined);
        Assert.Equal(DriftKind.HarvestRedefined, Assert.Single(Check(quick: true).Findings).Kind);
    }

    [Fact]
    public void A_rule_changed_with_a_new_version_is_no_drift()
    {
        HarvestSettings settings = Temporary.Repository.Settings;
        (settings with { Harvest = settings.Harvest with { Version = "v2.0.0", Rules = settings.Harvest.Rules with { BoundaryWeight = 0.25 } } })
            .Write(Temporary.Repository.SettingsPath);

        Assert.Equal(DriftStatus.Clean, Check().Status);
    }

    [Theory]
    [InlineData("boundary", "v1.1.0", BumpSize.Minor)]
    [InlineData("tracks", "v1.0.1", BumpSize.Patch)]
    public void A_redefined_version_gets_the_bump_that_its_rows_ask_for(string rule, string version, string size)
    {
        HarvestSettings settings = Temporary.Repository.Settings;
        HarvestRules rules = rule == "boundary"
            ? settings.Harvest.Rules with { BoundaryWeight = 0.25 }
            : settings.Harvest.Rules with { InterpolateTracks = false };
        (settings with { Harvest = settings.Harvest with { Rules = rules } }).Write(Temporary.Repository.SettingsPath);
        string[] before = Directory.GetFiles(Temporary.Folder, "*", SearchOption.AllDirectories);

        DriftFinding finding = OnlyFinding(DriftKind.HarvestRedefined);

        Assert.Equal(before, Directory.GetFiles(Temporary.Folder, "*", SearchOption.AllDirectories));
        Assert.Equal((version, size), (finding.Bump!.To, finding.Bump.Size));
        Assert.Equal([new RemedyAction.EditSetting("harvest.version", $"\"{version}\"")], finding.Fix.Actions);
        Assert.StartsWith($"Set harvest.version to \"{version}\" in harvest.json; ", finding.Remedy, StringComparison.Ordinal);
        Assert.Null(finding.Command);
        Assert.Contains(rule == "boundary" ? "boundary_weight 0.5 → 0.25" : "no row of the shipped slices changes", finding.Bump.ChangeLog, StringComparison.Ordinal);
        VersionBump quick = Assert.Single(Check(quick: true).Findings).Bump!;
        Assert.Equal(("v1.1.0", null, size == BumpSize.Minor), (quick.To, quick.RowsChange, finding.Bump.RowsChange));
        Assert.Equal("harvest@v1.0.0", Assert.Single(CheckSlices.Redefined(Temporary.Repository, [], Temporary.Context)).Subject);
    }

    [Theory]
    [InlineData("pixels", BumpSize.Minor)]
    [InlineData("boundary", BumpSize.Minor)]
    [InlineData("fields", BumpSize.Minor)]
    [InlineData("tracks", BumpSize.Patch)]
    [InlineData("slack", BumpSize.Patch)]
    [InlineData("absent", BumpSize.Minor)]
    public void The_making_of_a_slice_proposes_the_version_that_the_check_proposes(string change, string size)
    {
        HarvestSettings settings = Temporary.Repository.Settings;
        HarvestDefinition harvest = settings.Harvest;
        HarvestRules rules = harvest.Rules;
        (settings with
        {
            Harvest = change switch
            {
                "pixels" => harvest with { Rules = rules with { MinPixelAgreement = 0.001 } },
                "boundary" => harvest with { Rules = rules with { BoundaryWeight = 0.25 } },
                "fields" => harvest with { Fields = harvest.Fields with { TaskSubdir = harvest.Fields.Episode } },
                "slack" => harvest with { Rules = rules with { MinPixelAgreement = rules.MinPixelAgreement + 0.001 } },
                _ => harvest with { Rules = rules with { InterpolateTracks = false } },
            },
        }).Write(Temporary.Repository.SettingsPath);
        if (change == "absent")
        {
            foreach (SliceExport export in Slice.Exports)
            {
                File.SetAttributes(Temporary.Repository.Archive.PathOf(export.Sha256), FileAttributes.Normal);
                File.Delete(Temporary.Repository.Archive.PathOf(export.Sha256));
                File.Delete(Temporary.Repository.Resolve(export.Path!));
            }
        }

        VersionBump bump = Check().Findings.Single(static finding => finding.Kind == DriftKind.HarvestRedefined).Bump!;
        HarvestException refused = Assert.Throws<HarvestException>(() => NewSlice.Run(Temporary.Repository, new NewSliceRequest("v2"), Temporary.Context));

        Assert.Equal((size, size == BumpSize.Minor ? "v1.1.0" : "v1.0.1"), (bump.Size, bump.To));
        Assert.Equal("HarvestRedefined", refused.ErrorId);
        Assert.Equal(new RemedyAction.EditSetting("harvest.version", $"\"{bump.To}\""), refused.Remedy.Actions.First());
    }

    [Fact]
    public void A_version_that_was_edited_in_the_manifest_is_named()
    {
        Rewrite(static slice => slice with { HarvestVersion = "harvest@v9.9.9" });

        Assert.Equal("harvest@v1.0.0", OnlyFinding(DriftKind.HarvestRedefined).Actual);
    }

    [Fact]
    public void An_archived_definition_that_was_changed_is_named()
    {
        string path = Temporary.Repository.Archive.PathOf(Slice.HarvestSha256!);
        File.SetAttributes(path, FileAttributes.Normal);
        File.WriteAllText(path, File.ReadAllText(path).Replace("v1.0.0", "v1.0.9", StringComparison.Ordinal));

        DriftFinding finding = OnlyFinding(DriftKind.HarvestRedefined);

        Assert.Equal(Slice.HarvestSha256, finding.Expected);
        Assert.NotEqual(finding.Expected, finding.Actual);
    }

    [Theory]
    [InlineData("v1.4.2", BumpSize.Patch, "v1.4.3")]
    [InlineData("v1.4.2", BumpSize.Minor, "v1.5.0")]
    [InlineData("2.0.9", BumpSize.Patch, "2.0.10")]
    [InlineData("2026-05", BumpSize.Minor, "2026-6")]
    [InlineData("final", BumpSize.Patch, "final-2")]
    public void Versions_rise(string version, string size, string expected) => Assert.Equal(expected, VersionBump.Raise(version, size));
}
