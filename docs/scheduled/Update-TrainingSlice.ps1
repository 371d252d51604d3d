#requires -Version 7.6
<#
.SYNOPSIS
Archives last night's exports, cuts a slice if labels changed, checks, decides and writes a summary.

.DESCRIPTION
For a scheduler: asks nothing, may run twice and may run beside itself. Without a changed label it cuts no slice.

Exit codes are those of the harvest program, the highest of all steps: 0 fine (whatever the decision), 1 drift, 2 wrong
usage, 3 an export or other data at fault (no slice is cut then), 4 not a repository or cannot write.

.EXAMPLE
./Update-TrainingSlice.ps1 -ExportPath ./exports -Repository ./work -SummaryPath ./summary.md
#>
[CmdletBinding()]
param(
    # A folder with *.json. Those in it belong to -Project, or else to the project that each export names itself;
    # those in one of its folders belong to the project of that folder's name.
    [Parameter(Mandatory, Position = 0)]
    [string] $ExportPath,

    # A folder in the repository.
    [string] $Repository = '.',

    # The project of the exports that are in no folder of their own.
    [string] $Project,

    # The Markdown file to write; what it held is replaced.
    [string] $SummaryPath = './training-slice.md'
)

$ErrorActionPreference = 'Stop'
# Nobody answers a question here and nobody watches a bar.
$ConfirmPreference = 'None'
$ProgressPreference = 'SilentlyContinue'
$exitCodes = @{ Drift = 1; Usage = 2; InvalidData = 3; NotFound = 3; Damaged = 3; NotARepository = 4; FileSystem = 4 }
$summary = [System.Collections.Generic.List[string]]::new()
$worst = 0
$failed = 0
# The slice under which each finding was explained.
$explained = @{}

# The exit code of an error; what is no error of the module, such as a missing folder, is the data's.
function Get-ExitCode([System.Management.Automation.ErrorRecord] $Record) {
    $exitCodes["$($Record.Exception.Fault)"] ?? 3
}

function Get-Fault([System.Management.Automation.ErrorRecord] $Record) {
    [Console]::Error.WriteLine("$Record $($Record.ErrorDetails.RecommendedAction)")
    "- **$(($Record.FullyQualifiedErrorId -split ',')[0])**: $Record $($Record.ErrorDetails.RecommendedAction)"
}

# The newest export of each project whose labels the newest slice does not have.
function Get-ChangedExport {
    $slice = Get-Slice -Repository $Repository | Sort-Object { $_.CreatedAt ?? $_.TrainedAt } -Stable | Select-Object -Last 1
    $archived = @(Get-Export -Repository $Repository)
    Get-HarvestProject -Repository $Repository | Where-Object { $_.Newest -and -not $_.Retired } | ForEach-Object {
        $project = $_
        $newest = $archived | Where-Object { $_.Project -eq $project.Project -and $_.Sha256 -eq $project.Newest } | Select-Object -First 1
        $known = $slice.Exports | Where-Object {
            $_.Sha256 -eq $newest.Sha256 -or ($_.LabelSha256 -and $_.LabelSha256 -eq $newest.LabelSha256)
        }
        if (-not $known) { $newest }
    }
}

# What several slices share is explained at the first of them and named at the others.
function Get-FindingText([object] $Finding, [string] $Version) {
    $what = $Finding.Kind, $Finding.Subject, $Finding.Expected, $Finding.Actual, $Finding.Remedy -join "`n"
    $first = $explained[$what] ??= $Finding.ReportedUnder ? $Finding.ReportedUnder : $Version
    $first -eq $Version ? "$($Finding.Kind): $($Finding.Message) $($Finding.Remedy)" : "$($Finding.Kind): $($Finding.Subject), as reported under $first."
}

try {
    Import-Module HarvestTools
    $now = [DateTime]::UtcNow.ToString('yyyy-MM-dd HH:mm', [cultureinfo]::InvariantCulture)
    $summary.AddRange([string[]]("# Training slice, $now UTC", '', '## Exports', ''))
    foreach ($folder in @(Get-Item -LiteralPath $ExportPath) + @(Get-ChildItem -LiteralPath $ExportPath -Directory)) {
        $options = @{ Repository = $Repository; ErrorVariable = 'faults'; ErrorAction = 'SilentlyContinue' }
        $name = $folder.FullName -eq (Get-Item -LiteralPath $ExportPath).FullName ? $Project : $folder.Name
        if ($name) { $options.Project = $name }
        Get-ChildItem -LiteralPath $folder.FullName -File -Filter *.json | Add-Export @options | ForEach-Object {
            $state = -not $_.Added ? 'archived already' : $_.SameLabelsAs ? 'archived; its labels are those of an earlier export' : 'archived'
            if (-not $_.Newest) { $state += '; a newer export of the project is archived' }
            $line = "- $($_.Project) $($_.Sha256.Substring(0, 12)), $($_.Tasks) tasks: $state"
            $line
            $summary.Add($line)
            foreach ($notice in $_.Notices) {
                $summary.Add("- **$($notice.Id)**: $($notice.Message) $($notice.Remedy)")
            }
        }
        foreach ($fault in $faults) {
            $summary.Add((Get-Fault $fault))
            $worst = [Math]::Max($worst, (Get-ExitCode $fault))
            $failed++
        }
    }

    $summary.AddRange([string[]]('', '## Slice', ''))
    $line = 'No slice was cut: not every export could be archived.'
    if ($worst -eq 0) {
        $changed = @(Get-ChangedExport)
        if ($changed.Count -eq 0) {
            $line = 'The newest slice has the labels of the newest exports: nothing was cut.'
        } else {
            $names = $changed.Project -join ', '
            try {
                # The next version that no branch has. Where another run was first, there is nothing left to cut.
                $made = New-Slice -Next -IfChanged -Repository $Repository -Reason "Labels changed in $names" -WarningVariable warnings
                $line = $made ? "Cut $($made.Version): labels changed in $names." : 'Another run was first: the newest slice has the labels of the newest exports, and nothing was cut.'
                foreach ($warning in $warnings) { $line += "`n- $warning" }
            } catch {
                $line = "No slice was cut.`n`n$(Get-Fault $_)"
                $worst = [Math]::Max($worst, (Get-ExitCode $_))
            }
        }
    }
    $line
    $summary.Add($line)

    $summary.AddRange([string[]]('', '## Check', ''))
    foreach ($report in Test-SliceDrift -Repository $Repository -ErrorVariable faults -ErrorAction SilentlyContinue) {
        $lines = @("- $($report.Version): $($report.Status)") + @($report.Findings | ForEach-Object { "  - $(Get-FindingText $_ $report.Version)" })
        $lines
        $summary.AddRange([string[]] $lines)
        if ($report.Status -eq 'Drifted') { $worst = [Math]::Max($worst, 1) }
    }
    foreach ($fault in $faults) {
        $summary.Add((Get-Fault $fault))
        $worst = [Math]::Max($worst, (Get-ExitCode $fault))
    }

    $summary.AddRange([string[]]('', '## Retraining', ''))
    $state = Get-RetrainState -Repository $Repository
    $decision = $state | Get-RetrainDecision -Repository $Repository
    if ($failed -gt 0) {
        $line = "- Not archived in this run: $failed of the exports. The decision does not know their labels."
        $line
        $summary.Add($line)
    }

    "$($decision.Decision): $($decision.Reason)"
    $summary.Add(($state | Get-RetrainDecision -Repository $Repository -AsMarkdown))
} catch {
    $summary.Add((Get-Fault $_))
    $worst = [Math]::Max($worst, (Get-ExitCode $_))
}

try {
    # Written aside and renamed: what reads the summary reads a whole one.
    $path = $ExecutionContext.SessionState.Path.GetUnresolvedProviderPathFromPSPath($SummaryPath)
    [System.IO.File]::WriteAllText("$path.$PID", ($summary -join "`n").TrimEnd() + "`n")
    [System.IO.File]::Move("$path.$PID", $path, $true)
} catch {
    [Console]::Error.WriteLine("Cannot write '$SummaryPath'.")
    $worst = [Math]::Max($worst, 4)
}
exit $worst
