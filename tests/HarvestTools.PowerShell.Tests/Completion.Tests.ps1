#requires -Modules @{ ModuleName = 'Pester'; ModuleVersion = '5.0' }

BeforeAll {
    Import-Module "$PSScriptRoot/Shared/TestExports.psm1" -Force
    Import-TestedModule
    $repository = New-TestRepository "$TestDrive/completion"
    Push-Location $repository
    $null = New-Slice v1 -Reason 'the first week' -NoBuild
    $null = New-Slice v2 -Reason 'the second week' -NoBuild
    function Complete([string] $Line) { (TabExpansion2 -inputScript $Line -cursorColumn $Line.Length).CompletionMatches }
}
AfterAll { Pop-Location }

Describe 'Completion' {
    It 'offers versions of slices with date and reason, for <_>' -ForEach 'Get-Slice ', 'Build-Slice -Version ', 'Test-SliceDrift v', 'New-Slice v9 -Parent ' {
        $found = Complete $_
        $found.CompletionText | Should -Be 'v1', 'v2'
        $found[0].ToolTip | Should -Be "$(Get-Date -Format yyyy-MM-dd): the first week"
    }

    It 'offers projects' {
        (Complete 'Get-Export ').CompletionText | Should -Be 'a', 'b'
        (Complete 'Add-Export x.json -Project b').CompletionText | Should -Be 'b'
    }

    It 'offers hashes of exports, also from the project''s name' {
        $hash = (Get-Export b).Sha256.Substring(0, 12)
        (Complete 'New-Slice v9 -Export b').CompletionText.Trim("'") | Should -Contain $hash
        $line = "New-Slice v9 -Export $((Complete "New-Slice v9 -Export $($hash.Substring(0, 5))").CompletionText) -NoBuild"
        (& ([scriptblock]::Create($line))).Projects | Should -Be 'b'
    }

    It 'offers names of tables, models and metrics' {
        (Complete 'Compare-Slice v1 v2 -Row -Table ').CompletionText | Should -Be 'actions', 'boxes', 'choices', 'keypoints', 'polygons', 'rejected'
        (Complete 'Build-Slice v1 -Table k').CompletionText | Should -Be 'keypoints'
        $null = Register-SliceModel v1 'hand kp' -Path s3://models/hand.pt -Metric @{ pck = 0.91 }
        $found = Complete 'Get-SliceSource -Model h'
        $found.CompletionText | Should -Be "'hand kp'"
        $found.ToolTip | Should -Be 'v1: hand kp  pck 0.91  s3://models/hand.pt'
        (Complete 'Register-SliceModel v2 ').CompletionText | Should -Be "'hand kp'"
        (Complete 'Find-SliceRegression ').CompletionText | Should -Be 'pck'
        $env:MLFLOW_TRACKING_URI = 'file:mlruns'
        try { $run = (Register-SliceModel v1 tracked -Mlflow).MlflowRunId } finally { $env:MLFLOW_TRACKING_URI = $null }
        (Complete 'Get-SliceModel -MlflowRun ').CompletionText | Should -Be $run
    }

    It 'offers what is preferred where exports overlap' {
        (Complete 'New-Slice v9 -Prefer ').CompletionText | Select-Object -First 1 | Should -Be 'newest'
    }

    It 'offers files before archived exports where either can be meant' {
        $found = (Complete 'Compare-Export exports/').CompletionText
        $found[0] | Should -Match 'a1\.json$'
        (Complete 'Compare-Export b').CompletionText.Trim("'") | Should -Contain (Get-Export b).Sha256.Substring(0, 12)
    }

    It 'offers names of rules inside -FilterOverride, for "<_>"' -ForEach 'New-Slice v9 -FilterOverride @{ min_p', 'New-Slice v9 -FilterOverride @{ boundary_weight = 1; min_p' {
        $found = Complete $_
        $found.ListItemText | Should -Be 'min_pixel_agreement'
    }

    It 'offers every rule where nothing is typed yet' {
        (Complete 'New-Slice v9 -FilterOverride @{').ListItemText | Should -Contain 'consensus'
        (Complete 'New-Slice v9 -FilterOverride @{ ').ListItemText | Should -Contain 'require_two_annotators'
        (Complete 'New-Slice v9 -FilterOverride ').CompletionText | Should -Contain '@{ min_pixel_agreement = 5 }'
        (Complete 'New-Slice v9 -FilterOverride cons').CompletionText | Should -Be "@{ consensus = 'mean' }"
    }

    It 'offers slices to remove and exports to put back' {
        (Complete 'Remove-Slice v').CompletionText | Select-Object -First 2 | Should -Be 'v1', 'v2'
        (Complete 'Restore-Export -Version v').CompletionText | Should -Contain 'v1'
        (Complete 'Restore-Export ').ListItemText | Where-Object { $_ -match '^[0-9a-f]{12} [ab]$' } | Should -Not -BeNullOrEmpty
    }

    It 'is a menu at <Chord> by the line that the pages give for Linux and macOS' -ForEach @(
        @{ Chord = 'Tab'; Before = 'Complete' }
        @{ Chord = 'Ctrl+@'; Before = 'SetMark' }
    ) {
        $page = Get-Content "$(Get-ProjectRoot)/docs/en-US/about_HarvestTools.md" -Raw
        $line = [regex]::Matches($page, '`(Set-PSReadLineKeyHandler -Chord ''?([^ '']+)''? -Function MenuComplete)`') | Where-Object { $_.Groups[2].Value -eq $Chord }
        $readme = Get-Content "$(Get-ProjectRoot)/README.md" -Raw
        $readme | Should -BeLike "*$Chord*"
        $function = "(Get-PSReadLineKeyHandler -Chord '$Chord').Function"
        pwsh -NoProfile -NonInteractive -Command "Import-Module PSReadLine; Set-PSReadLineOption -EditMode Emacs; $function; $($line.Groups[1].Value); $function" |
            Should -Be $Before, 'MenuComplete'
    }

    It 'looks into the repository of -Repository' {
        Push-Location $TestDrive
        try {
            (Complete 'Get-Slice -Repository completion -Version v').CompletionText | Select-Object -First 2 | Should -Be 'v1', 'v2'
        } finally {
            Pop-Location
        }
    }

    It 'offers no version and shows no error outside of a repository' {
        Push-Location $TestDrive
        try {
            $count = $Error.Count
            Complete 'Get-Slice v' | Where-Object CompletionText -Match '^v\d' | Should -BeNullOrEmpty
            $Error.Count | Should -Be $count
        } finally {
            Pop-Location
        }
    }
}
