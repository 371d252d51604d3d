#requires -Modules @{ ModuleName = 'Pester'; ModuleVersion = '5.0' }

BeforeAll {
    Import-Module "$PSScriptRoot/Shared/TestExports.psm1" -Force
    Import-TestedModule
}

Describe 'Restore-Export' {
    BeforeAll {
        $repository = New-TestRepository "$TestDrive/restore"
        Push-Location $repository
        $null = New-Slice v1
        $hash = (Get-FileHash exports/b1.json).Hash.ToLowerInvariant()
    }
    AfterAll { Pop-Location }

    It 'does what the remedy of the check says' {
        $null = New-TestExport exports/b1.json -Tasks 4 -FirstTask 100 -Shift 5
        $other = (Get-FileHash exports/b1.json).Hash
        $finding = (Test-SliceDrift v1 -Quick).Findings
        $finding.Remedy -match "put the old file back with '(.*)'\.$" | Should -BeTrue
        $command = $Matches[1]
        $command | Should -BeExactly "Restore-Export b-$($hash.Substring(0, 12)) -Force"

        $result = Invoke-Recorded { Restore-Export "b-$hash" }
        $result.Errors.FullyQualifiedErrorId | Should -Be 'RestoreTargetDiffers,HarvestTools.PowerShell.RestoreExportCommand'
        $result.Errors.CategoryInfo.Category | Should -Be 'ResourceExists'
        (Invoke-Recorded { Restore-Export "b-$hash" -WhatIf }).Errors.FullyQualifiedErrorId | Should -BeLike 'RestoreTargetDiffers,*' -Because 'nothing is promised that would fail'
        Invoke-Expression "$command -WhatIf" | Should -BeNullOrEmpty
        (Get-FileHash exports/b1.json).Hash | Should -Be $other

        $restored = Invoke-Expression $command
        $restored.Outcome | Should -Be 'Replaced'
        $restored.Before | Should -Be $other
        $restored.BeforeArchived | Should -BeFalse
        $restored.Path | Should -Be (Join-Path $repository exports b1.json)
        (Get-FileHash exports/b1.json).Hash | Should -Be $hash
        (Test-SliceDrift v1).Status | Should -Be 'Clean'
        ($restored | Out-String) | Should -Match 'replaced'
    }

    It 'takes <What> by pipeline' -ForEach @(
        @{ What = 'archived exports'; Source = { Get-Export b } }
        @{ What = 'exports of a slice'; Source = { (Get-Slice v1).Exports | Where-Object Project -EQ b } }
        @{ What = 'a slice'; Source = { Get-Slice v1 } }
        @{ What = 'a hash'; Source = { $hash.Substring(0, 10) } }
        @{ What = 'a project'; Source = { 'b' } }
    ) {
        Remove-Item exports/b1.json
        $restored = @(& $Source | Restore-Export | Where-Object Project -EQ b)
        $restored.Outcome | Should -Be 'Restored'
        (Get-FileHash exports/b1.json).Hash | Should -Be $hash
    }

    It 'says when an export was removed by retention' {
        $settings = Get-Content harvest.json -Raw | ConvertFrom-Json -AsHashtable
        $settings.retention = @{ unlinked_days = 0; quarantine_days = 0 }
        Set-Content harvest.json ($settings | ConvertTo-Json -Depth 20)
        $old = (New-TestExport exports/r1.json -Tasks 2 -FirstTask 500 -ProjectId 9 | Add-Export -Project r).Sha256
        $null = New-TestExport exports/r1.json -Tasks 3 -FirstTask 500 -ProjectId 9 | Add-Export -Project r
        1..2 | ForEach-Object { $null = Remove-UnreachableObject -Confirm:$false -WarningAction Ignore }

        foreach ($asked in { Restore-Export $old again.json }, { Restore-Export $old again.json -WhatIf }, { Compare-Export $old exports/r1.json }) {
            $failed = (Invoke-Recorded $asked).Errors
            $failed.FullyQualifiedErrorId | Should -BeLike 'ObjectRemoved,*'
            $failed.Exception.Message | Should -BeLike "The export of project r $($old.Substring(0, 12)) was removed by retention on $([datetime]::UtcNow.ToString('yyyy-MM-dd')) *"
        }
    }

    It 'puts the exports of a slice into a folder' {
        $null = New-Item -ItemType Directory out
        (Restore-Export -Version v1 -Destination out).Outcome | Should -Be 'Restored', 'Restored'
        (Get-ChildItem out).Name | Sort-Object | Should -Be 'a1.json', 'b1.json'
        (Restore-Export -Version v1).Outcome | Should -Be 'AlreadyThere', 'AlreadyThere'
    }

    It 'goes on after one that is not archived' {
        $result = Invoke-Recorded { Restore-Export nobody, a }
        $result.Errors.FullyQualifiedErrorId | Should -BeLike 'RestoreUnknown,*'
        $result.Output.Project | Should -Be 'a'
    }
}

Describe 'Remove-Slice' {
    BeforeAll {
        $repository = New-TestRepository "$TestDrive/remove"
        Push-Location $repository
        $null = New-Slice v1
        $null = New-Slice v2 -Export b
        $null = New-Slice v3 -Export a
    }
    AfterAll { Pop-Location }

    It 'asks first, and says with -WhatIf what would go' {
        (Get-Command Remove-Slice).Parameters.Keys | Should -Contain 'Confirm'
        $before = Get-FolderState .
        Remove-Slice v2, v3 -WhatIf -ErrorAction Stop | Should -BeNullOrEmpty
        Get-FolderState . | Should -Be $before
        $said = pwsh -NoProfile -NonInteractive -Command "Import-Module '$(Get-ProjectRoot)/HarvestTools.psd1'; Set-Location '$repository'; Remove-Slice v2, v3 -WhatIf"
        $said | Should -HaveCount 2
        $said[0] | Should -Match 'Remove slice v3 .*slice\.json.*cached tables.*exports stay in the archive'
        { pwsh -NoProfile -NonInteractive -Command "`$ErrorActionPreference = 'Stop'; Import-Module '$(Get-ProjectRoot)/HarvestTools.psd1'; Set-Location '$repository'; Remove-Slice v3" 2>&1 | Should -Match 'NonInteractive' } | Should -Not -Throw
        (Get-Slice).Version | Should -Be 'v1', 'v2', 'v3'
    }

    It 'keeps what is needed and names what needs it' {
        (Invoke-Recorded { Remove-Slice v1 -Confirm:$false }).Errors[0].ErrorDetails.RecommendedAction | Should -BeLike "*'Remove-Slice v2'*"
        $null = Register-SliceModel v1 hand -Path s3://models/hand.pt
        $fault = (Invoke-Recorded { Remove-Slice v1 -Confirm:$false }).Errors[0]
        $fault.FullyQualifiedErrorId | Should -Be 'SliceNeeded,HarvestTools.PowerShell.RemoveSliceCommand'
        "$fault" | Should -Match "model 'hand' is registered on it; slice v2 follows it"
        $fault.ErrorDetails.RecommendedAction | Should -BeLike 'Keep it: *'
    }

    It 'removes slices that follow each other together' {
        $removed = Get-Slice v2, v3 | Remove-Slice -Confirm:$false
        $removed.Version | Should -Be 'v3', 'v2'
        $removed.Removed | Should -Be $true, $true
        ($removed | Out-String) | Should -Match 'v3'
        (Get-Slice).Version | Should -Be 'v1'
        (Test-ExportArchive).Whole | Should -BeTrue
        (Invoke-Recorded { Remove-Slice v2 -Confirm:$false }).Errors.FullyQualifiedErrorId | Should -BeLike 'SliceNotFound,*'
    }

    It 'leaves a history that says what is missing' {
        $null = New-Slice v4 -Export a
        Remove-Item slices/v1 -Recurse
        (Get-SliceHistory).MissingParents | Should -Be 'v1'
        (Get-SliceHistory | Out-String) | Should -Match 'follows v1, which is not here'
        (Test-SliceDrift v4 -Quick).Findings.Kind | Should -Be 'ParentMissing'
        (Test-ExportArchive).Findings.Kind | Should -Contain 'ParentMissing'
    }
}

Describe 'Get-Export' {
    It 'says which slices use an export' {
        $repository = New-TestRepository "$TestDrive/uses"
        foreach ($version in 'v1', 'v2', 'v3', 'v10') { $null = New-Slice $version -NoBuild -Repository $repository }
        $null = New-TestExport "$repository/exports/b2.json" -Tasks 5 -FirstTask 100 | Add-Export -Project b -Repository $repository
        $exports = Get-Export b -Repository $repository
        $exports[0].UsedBy | Should -Be 'v1', 'v2', 'v3', 'v10'
        $exports[1].UsedBy | Should -BeNullOrEmpty
        ($exports | Out-String) | Should -Match 'v1 … v10 \(4\)'
        ($exports[0] | ConvertTo-Json -Depth 3 | ConvertFrom-Json).UsedBy | Should -Be 'v1', 'v2', 'v3', 'v10'
    }
}
