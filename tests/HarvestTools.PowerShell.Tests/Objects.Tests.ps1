#requires -Modules @{ ModuleName = 'Pester'; ModuleVersion = '5.0' }

BeforeAll {
    Import-Module "$PSScriptRoot/Shared/TestExports.psm1" -Force
    Import-TestedModule
    $root = Get-ProjectRoot
    $repository = New-TestRepository "$TestDrive/objects"
    $null = New-Slice v1 -Repository $repository -Reason 'first' -TrainedAt '2026-05-11' -FilterOverride ([ordered]@{ min_pixel_agreement = 4 }) -ModelOutput @{ m = 'x.pt' }
    $null = New-TestExport "$repository/exports/a1.json" -Shift 2
    function ConvertTo-Again($Object) {
        $file = "$TestDrive/$([guid]::NewGuid()).xml"
        $Object | Export-Clixml $file
        Import-Clixml $file
    }
}

Describe 'Objects' {
    It 'keep what matters through Export-Clixml: a drift report' {
        $again = ConvertTo-Again (Test-SliceDrift v1 -Repository $repository)
        $again.PSObject.TypeNames | Should -Contain 'Deserialized.HarvestTools.Drift.DriftReport'
        $again.Status | Should -Be 'Drifted'
        $again | Where-Object Status -EQ Drifted | Should -Not -BeNullOrEmpty
        $again.Findings[0].Kind | Should -Be 'ExportRewritten'
        $again.Findings[0].Message | Should -Match 'exports/a1\.json'
        $again.Version | Should -Be 'v1'
    }

    It 'keep what matters through Export-Clixml: a slice' {
        $again = ConvertTo-Again (Get-Slice v1 -Repository $repository)
        $again.Exports[0].Sha256 | Should -Match '^[0-9a-f]{64}$'
        $again.FilterOverride['min_pixel_agreement'] | Should -Be 4
        $again.ModelOutput['m'] | Should -Be 'x.pt'
        $again.CreatedAt | Should -BeOfType [datetime]
    }

    It 'keep what matters through Export-Clixml: a hash with labels' {
        $again = ConvertTo-Again (Get-ExportHash "$repository/exports/b1.json" -Labels)
        $again.RegionTypes['keypointlabels'] | Should -Be 4
        $again.Bytes | Should -BeOfType [long]
    }

    It 'keep what matters through Export-Clixml: a decision' {
        $again = ConvertTo-Again (Get-RetrainState -Repository $repository | Get-RetrainDecision)
        $again.Gates.Count | Should -Be 5
        $again.Gates[1].Explanation | Should -Not -BeNullOrEmpty
    }

    It 'come back from a read slice as input again' {
        $again = ConvertTo-Again (Get-Slice v1 -Repository $repository)
        ($again | Test-SliceDrift -Quick).Status | Should -Be 'Drifted'
    }

    It 'work in ForEach-Object -Parallel' {
        $reports = Get-Slice -Repository $repository | ForEach-Object -Parallel { Import-Module "$using:root/HarvestTools.psd1"; $_ | Test-SliceDrift -Quick }
        $reports.Version | Should -Be 'v1'
    }

    It 'work in a job' {
        $hash = Start-Job { Import-Module "$using:root/HarvestTools.psd1"; Get-ExportHash "$using:repository/exports/b1.json" -Labels } | Receive-Job -Wait -AutoRemoveJob
        $hash.Sha256 | Should -Match '^[0-9a-f]{64}$'
    }

    It 'have the type that the cmdlet declares' {
        (Get-Slice v1 -Repository $repository).GetType().FullName | Should -Be (Get-Command Get-Slice).OutputType.Name
        (Get-ExportHash "$repository/exports/b1.json").GetType().FullName | Should -Be (Get-Command Get-ExportHash).OutputType.Name
        (Get-Export b -Repository $repository).GetType().FullName | Should -Be (Get-Command Get-Export).OutputType.Name
        (Build-Slice v1 -Repository $repository)[0].GetType().FullName | Should -BeIn (Get-Command Build-Slice).OutputType.Name
        (Test-SliceDrift v1 -Repository $repository).GetType().FullName | Should -BeIn (Get-Command Test-SliceDrift).OutputType.Name
        (Test-ExportArchive -Repository $repository).GetType().FullName | Should -Be (Get-Command Test-ExportArchive).OutputType.Name
        (Get-RetrainState -Repository $repository).GetType().FullName | Should -Be (Get-Command Get-RetrainState).OutputType.Name
    }
}

Describe 'Views' {
    BeforeAll {
        function Show($Object, [int] $Width = 80) { ($Object | Out-String -Width $Width).Trim() -split '\r?\n' }
    }

    It 'fit <Name> into eighty columns with short hashes' -ForEach @(
        @{ Name = 'hashes'; Script = { Get-ExportHash "$repository/exports/*.json" } }
        @{ Name = 'added exports'; Script = { Add-Export "$repository/exports/b1.json" -Project b -Repository $repository } }
        @{ Name = 'exports'; Script = { Get-Export -Repository $repository } }
        @{ Name = 'slices'; Script = { Get-Slice -Repository $repository } }
        @{ Name = 'tables'; Script = { Build-Slice v1 -Repository $repository } }
        @{ Name = 'drift reports'; Script = { Test-SliceDrift -Repository $repository } }
        @{ Name = 'archive reports'; Script = { Test-ExportArchive -Repository $repository } }
        @{ Name = 'decisions'; Script = { Get-RetrainState -Repository $repository | Get-RetrainDecision } }
    ) {
        $lines = Show (& $Script)
        $lines.Count | Should -BeGreaterThan 2
        $lines | Where-Object Length -GT 80 | Should -BeNullOrEmpty
        "$lines" | Should -Not -Match '[0-9a-f]{64}'
    }

    It 'say why a slice drifted' {
        (Show (Test-SliceDrift -Repository $repository)) -join ' ' | Should -Match 'ExportRewritten'
    }

    It 'colour by status through $PSStyle, and plainly where output is plain' {
        $before = $PSStyle.OutputRendering
        try {
            $PSStyle.OutputRendering = 'Ansi'
            (Test-SliceDrift -Repository $repository | Out-String) | Should -Match ([regex]::Escape("$($PSStyle.Foreground.BrightRed)Drifted"))
            $PSStyle.OutputRendering = 'PlainText'
            (Test-SliceDrift -Repository $repository | Out-String) | Should -Not -Match "`e"
        } finally {
            $PSStyle.OutputRendering = $before
        }
    }

    It 'write sizes for people' {
        [HarvestTools.PowerShell.Display]::Size(0) | Should -Be '0 B'
        [HarvestTools.PowerShell.Display]::Size(999) | Should -Be '999 B'
        [HarvestTools.PowerShell.Display]::Size(1000) | Should -Be '1.0 KB'
        [HarvestTools.PowerShell.Display]::Size(1536) | Should -Be '1.5 KB'
        [HarvestTools.PowerShell.Display]::Size(999950) | Should -Be '1.0 MB'
        [HarvestTools.PowerShell.Display]::Size(1020000000) | Should -Be '1.02 GB'
    }

    It 'write lists of numbers in short, where they differ' {
        [double[]]$before = 1, 2, 3, 4, 5, 6.5
        [double[]]$after = 1, 2, 3, 4, 5, 7
        $row = @{ points = $before }
        "$([HarvestTools.PowerShell.Display]::Value($row['points'], $after))" | Should -Be '[5 the same, 6.5]'
        "$([HarvestTools.PowerShell.Display]::Value($row['points'], $null))" | Should -Be '[1, 2, 3, 4, … 2 more]'
        [HarvestTools.PowerShell.Display]::Value(12.5, $null) | Should -Be 12.5
        [HarvestTools.PowerShell.Display]::Value($null, 1) | Should -BeNullOrEmpty
    }
}
